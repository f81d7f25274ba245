UPDATE story SET event_id = story_id WHERE story_id = ANY(%(story_ids)s) AND event_id IS NULL;
