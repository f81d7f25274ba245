UPDATE delivery SET state = 'sending', attempt = attempt + 1, smtp_answer = NULL
WHERE delivery_id = %(delivery_id)s AND state = 'queued';
