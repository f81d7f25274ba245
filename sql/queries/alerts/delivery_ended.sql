UPDATE delivery
SET state = %(state)s, smtp_answer = %(answer)s, sent_at = %(sent_at)s
WHERE delivery_id = %(delivery_id)s AND state IN ('queued', 'sending');
