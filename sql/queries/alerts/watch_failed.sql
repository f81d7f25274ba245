UPDATE watch SET failure = %(failure)s, slow = 0 WHERE watch_id = %(watch_id)s;
