UPDATE raw_entry
SET state = %(state)s, article_id = %(article_id)s, code = %(code)s, message = %(message)s,
    claimed_until = NULL, done_at = %(now)s
WHERE entry_id = %(entry_id)s AND month = %(month)s
