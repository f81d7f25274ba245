-- The ledger keeps that a mail went, and to whom: it is never sent a second time.
UPDATE delivery d SET message = NULL, subject = NULL
FROM recipient r
WHERE r.recipient_id = d.recipient_id AND d.delivery_id = ANY(%(delivery_ids)s)
RETURNING d.delivery_id, r.address, d.state, d.sent_at;
