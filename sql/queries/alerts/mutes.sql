-- Who has muted which of these stories or events, under whatever name it had then.
SELECT u.unit_id AS story_id, mute.watch_id, mute.recipient_id
FROM unnest(%(story_ids)s::text[]) u(unit_id)
JOIN mute ON mute.watch_id = ANY(%(watch_ids)s)
WHERE mute.story_id IN (SELECT unit_family(u.unit_id));
