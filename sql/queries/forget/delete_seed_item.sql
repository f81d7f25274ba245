DELETE FROM seed_item WHERE source_id = %(id)s AND item_key = %(part)s;
