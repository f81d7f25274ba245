INSERT INTO seed_item (source_id, item_key, file, sha256, revision, changed_at)
VALUES %s
ON CONFLICT (source_id, item_key) DO UPDATE
SET file = EXCLUDED.file, sha256 = EXCLUDED.sha256, revision = EXCLUDED.revision,
    changed_at = EXCLUDED.changed_at, gone_at = NULL;
