SELECT d.delivery_id, r.address, d.kind, d.slot, d.state, d.attempt, d.next_attempt_at,
       d.subject, d.smtp_answer, d.queued_at, d.sent_at, d.resolved_by
FROM delivery d JOIN recipient r USING (recipient_id)
WHERE (%(state)s::text IS NULL OR d.state = %(state)s)
  AND (%(since)s::timestamptz IS NULL OR d.queued_at > %(since)s)
ORDER BY d.delivery_id DESC
LIMIT %(limit)s;
