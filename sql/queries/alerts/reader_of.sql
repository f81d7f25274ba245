SELECT s.recipient_id FROM subscription s JOIN recipient r USING (recipient_id)
WHERE s.watch_id = %(watch_id)s AND lower(r.address) = lower(%(address)s);
