UPDATE delivery
SET state = 'queued', attempt = %(attempt)s, smtp_answer = %(answer)s,
    next_attempt_at = %(next_attempt_at)s
WHERE delivery_id = %(delivery_id)s AND state IN ('queued', 'sending');
