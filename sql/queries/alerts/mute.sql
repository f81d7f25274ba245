INSERT INTO mute (watch_id, recipient_id, story_id, muted_at)
SELECT watch_id, recipient_id, %(unit_id)s, %(now)s FROM subscription
WHERE watch_id = %(watch_id)s AND recipient_id = %(recipient_id)s
ON CONFLICT (watch_id, recipient_id, story_id) DO UPDATE SET muted_at = mute.muted_at;
