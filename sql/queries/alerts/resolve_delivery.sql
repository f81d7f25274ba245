-- A person says what became of an uncertain mail.
UPDATE delivery
SET state = %(state)s, resolved_by = %(by)s,
    next_attempt_at = CASE WHEN %(state)s = 'queued' THEN %(now)s ELSE next_attempt_at END
WHERE delivery_id = %(delivery_id)s AND state = 'uncertain';
