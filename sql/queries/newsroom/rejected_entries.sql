-- The entries rejected since a time, of one code or all, newest first.
SELECT r.first_seen_at, r.item_key, r.code, r.message, r.payload ->> 'title' AS title,
       r.payload ->> 'url' AS url, s.source_id, coalesce(nullif(s.title, ''), s.url) AS source
FROM raw_entry r JOIN source s USING (source_id)
WHERE r.state = 'rejected' AND r.first_seen_at > %(since)s
  AND (%(code)s::text IS NULL OR r.code = %(code)s)
ORDER BY r.first_seen_at DESC, r.entry_id
LIMIT %(limit)s;
