-- In an order that is the same on every machine: entry ids depend on where a folder lies.
SELECT r.entry_id, r.month, r.source_id, r.item_key, r.payload, r.first_seen_at,
       r.page_url, r.page_sha256, s.kind AS source_kind, s.outlet_id AS source_outlet
FROM raw_entry r
JOIN source s USING (source_id)
WHERE r.state = 'pending'
ORDER BY r.first_seen_at, r.item_key, r.entry_id
LIMIT %(limit)s
FOR UPDATE OF r SKIP LOCKED
