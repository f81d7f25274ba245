UPDATE watch SET failure = NULL WHERE watch_id = ANY(%(watch_ids)s) AND failure IS NOT NULL;
