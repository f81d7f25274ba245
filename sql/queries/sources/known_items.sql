SELECT DISTINCT source_id, item_key
FROM unnest(%(source_ids)s::text[], %(item_keys)s::text[]) AS asked (source_id, item_key)
JOIN raw_entry USING (source_id, item_key);
