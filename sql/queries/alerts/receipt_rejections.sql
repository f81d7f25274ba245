SELECT code, count(*) AS entries FROM raw_entry
WHERE state = 'rejected' AND first_seen_at > %(since)s AND first_seen_at <= %(now)s
GROUP BY code ORDER BY count(*) DESC, code;
