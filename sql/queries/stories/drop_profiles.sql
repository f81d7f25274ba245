-- Nothing joins an event that ended.
DELETE FROM event_profile WHERE event_id = ANY(%(event_ids)s);
