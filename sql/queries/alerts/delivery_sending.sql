-- What goes out is kept with the state, before the final dot goes.
UPDATE delivery
SET state = 'sending', attempt = attempt + 1, smtp_answer = NULL,
    subject = %(subject)s, message = %(message)s
WHERE delivery_id = %(delivery_id)s AND state = 'queued';
