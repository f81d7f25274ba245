SELECT DISTINCT entry_id FROM raw_entry WHERE entry_id = ANY(%(entry_ids)s);
