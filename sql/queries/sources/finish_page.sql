-- After success page_next_at is when the page is looked at again.
UPDATE raw_entry
SET state = %(state)s, page_url = %(page_url)s, page_sha256 = %(page_sha256)s,
    page_outcome = %(outcome)s, page_attempts = %(attempts)s, page_next_at = %(next_at)s,
    claimed_until = NULL
WHERE entry_id = %(entry_id)s AND month = %(month)s AND state = 'wanted';
