SELECT EXISTS (SELECT 1 FROM raw_entry WHERE source_id = %(source_id)s) AS has_entries;
