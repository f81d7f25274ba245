INSERT INTO import_entry (file, entry_id, origin_hash, db_hash, imported_at)
VALUES (%(file)s, %(entry_id)s, %(origin_hash)s, %(db_hash)s, %(now)s)
ON CONFLICT (file, entry_id) DO UPDATE
SET origin_hash = EXCLUDED.origin_hash, db_hash = EXCLUDED.db_hash, imported_at = EXCLUDED.imported_at;
