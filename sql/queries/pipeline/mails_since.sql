SELECT r.address, d.kind, d.state, d.subject, d.message
FROM delivery d JOIN recipient r USING (recipient_id)
WHERE d.queued_at >= %(since)s
ORDER BY d.delivery_id;
