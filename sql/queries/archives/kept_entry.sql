-- An entry with the body that it came in, while that is kept.
SELECT r.payload, r.body_sha256, b.parser, b.url, b.headers, b.content_type, b.content
FROM raw_entry r
LEFT JOIN raw_body b ON b.sha256 = r.body_sha256
WHERE r.entry_id = %(entry_id)s
ORDER BY b.fetched_at DESC NULLS LAST
LIMIT 1;
