UPDATE watch SET failure = NULL, slow = 0
WHERE watch_id = ANY(%(watch_ids)s) AND (failure IS NOT NULL OR slow > 0);
