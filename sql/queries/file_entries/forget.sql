DELETE FROM import_entry WHERE file = %(file)s AND entry_id = %(entry_id)s;
