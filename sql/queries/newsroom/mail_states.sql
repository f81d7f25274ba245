SELECT state, count(*) AS mails FROM delivery
WHERE queued_at > %(since)s AND queued_at <= %(now)s
GROUP BY state;
