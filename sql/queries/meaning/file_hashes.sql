SELECT entry_id, origin_hash FROM import_entry WHERE file = %(file)s;
