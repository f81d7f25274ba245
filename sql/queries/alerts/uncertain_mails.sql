SELECT subject, sent_at FROM delivery
WHERE recipient_id = %(recipient_id)s AND state = 'uncertain' AND sent_at > %(since)s
ORDER BY sent_at;
