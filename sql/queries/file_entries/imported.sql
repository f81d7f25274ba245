SELECT entry_id, origin_hash, db_hash FROM import_entry WHERE file = %(file)s;
