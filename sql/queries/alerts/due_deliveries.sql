-- In the order in which they were queued, so that a backlog goes out as it came in.
SELECT delivery_id FROM delivery
WHERE kind = %(kind)s
  AND (state = 'sending' OR (state = 'queued' AND next_attempt_at <= %(now)s))
ORDER BY queued_at, delivery_id;
