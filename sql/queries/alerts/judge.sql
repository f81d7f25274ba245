INSERT INTO feedback (watch_id, recipient_id, unit_id, verdict, given_at)
SELECT watch_id, recipient_id, %(unit_id)s, %(verdict)s, %(now)s FROM subscription
WHERE watch_id = %(watch_id)s AND recipient_id = %(recipient_id)s
ON CONFLICT (watch_id, recipient_id, unit_id) DO UPDATE SET verdict = EXCLUDED.verdict;
