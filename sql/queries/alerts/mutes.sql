SELECT watch_id, recipient_id, story_id FROM mute
WHERE watch_id = ANY(%(watch_ids)s) AND story_id = ANY(%(story_ids)s);
