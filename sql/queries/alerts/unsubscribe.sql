-- The first time counts: it is what the ledger shows.
UPDATE subscription SET unsubscribed_at = coalesce(unsubscribed_at, %(now)s)
WHERE watch_id = %(watch_id)s AND recipient_id = %(recipient_id)s;
