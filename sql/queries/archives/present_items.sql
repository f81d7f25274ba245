SELECT item_key, file FROM seed_item WHERE source_id = %(source_id)s AND gone_at IS NULL;
