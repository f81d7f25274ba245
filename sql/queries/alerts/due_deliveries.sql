-- In the order in which they were queued, so that a backlog goes out as it came in.
SELECT d.delivery_id, r.address FROM delivery d JOIN recipient r USING (recipient_id)
WHERE d.kind = %(kind)s
  AND (d.state = 'sending' OR (d.state = 'queued' AND d.next_attempt_at <= %(now)s))
ORDER BY d.queued_at, d.delivery_id;
