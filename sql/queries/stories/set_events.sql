UPDATE story SET event_id = e.event_id
FROM unnest(%(story_ids)s::text[], %(event_ids)s::text[]) AS e (story_id, event_id)
WHERE story.story_id = e.story_id;
