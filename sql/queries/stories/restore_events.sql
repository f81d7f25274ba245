-- The events of stories that stand by themselves again.
UPDATE event SET merged_into = NULL
FROM story s
WHERE s.story_id = %(story_id)s AND event.event_id = s.event_id;
