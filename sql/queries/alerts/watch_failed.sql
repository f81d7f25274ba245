UPDATE watch SET failure = %(failure)s WHERE watch_id = %(watch_id)s;
