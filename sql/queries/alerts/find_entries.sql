-- What came in under this address or item key, whatever became of it.
SELECT e.state, e.code, e.message, e.page_outcome, e.first_seen_at, s.title, s.url
FROM raw_entry e JOIN source s USING (source_id)
WHERE e.item_key = %(what)s OR e.payload ->> 'url' = %(what)s
ORDER BY e.first_seen_at DESC
LIMIT 5;
