SELECT DISTINCT item_key FROM raw_entry
WHERE source_id = %(source_id)s AND item_key = ANY(%(item_keys)s);
