SELECT source_id, item_key, code, message
FROM raw_entry
WHERE state = 'rejected' AND done_at >= %(since)s
ORDER BY source_id, item_key
LIMIT %(limit)s;
