UPDATE watch SET failure = %(reason)s WHERE watch_id = %(watch_id)s
