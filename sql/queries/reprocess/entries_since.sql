-- The entries that made the current version of an article at rest, and those that were rejected.
SELECT r.entry_id, r.month, r.source_id, r.item_key, r.payload, r.first_seen_at,
       r.page_url, r.page_sha256, s.kind AS source_kind, s.outlet_id AS source_outlet,
       v.article_id
FROM raw_entry r
JOIN source s USING (source_id)
LEFT JOIN article a
       ON a.article_id = r.article_id AND NOT a.tombstoned AND a.merged_into IS NULL
      AND (a.stage = 'done' OR a.pending_cause = 'reprocess')
LEFT JOIN article_version v
       ON v.article_id = a.article_id AND v.version_no = a.version_no
      AND v.month = a.index_month AND v.entry_id = r.entry_id
WHERE (r.first_seen_at, r.entry_id) > (%(since)s, %(after)s)
  AND r.first_seen_at <= %(until)s AND r.payload <> '{}'
  AND (v.article_id IS NOT NULL OR (r.state = 'rejected' AND r.code <> 'forgotten'))
ORDER BY r.first_seen_at, r.entry_id
LIMIT %(limit)s;
