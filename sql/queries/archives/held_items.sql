SELECT item_key, sha256, revision, gone_at IS NOT NULL AS is_gone
FROM seed_item
WHERE source_id = %(source_id)s AND item_key = ANY(%(keys)s);
