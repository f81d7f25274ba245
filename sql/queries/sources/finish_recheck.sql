UPDATE raw_entry SET page_next_at = %(next_at)s, claimed_until = NULL
WHERE entry_id = %(entry_id)s AND month = %(month)s;
