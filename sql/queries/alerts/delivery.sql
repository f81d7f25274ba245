SELECT d.delivery_id, d.recipient_id, d.kind, d.slot, d.state, d.attempt, d.next_attempt_at,
       d.message_id, d.subject, d.smtp_answer, d.message, d.queued_at, d.sent_at, d.resolved_by,
       r.address, r.language, r.zone
FROM delivery d JOIN recipient r USING (recipient_id)
WHERE d.delivery_id = %(delivery_id)s;
