UPDATE seed_item SET gone_at = %(now)s
WHERE source_id = %(source_id)s AND item_key = ANY(%(keys)s) AND gone_at IS NULL;
