SELECT event_id, stories, first_day, last_day, terms, weights
FROM event_profile
WHERE event_id = ANY(%(event_ids)s)
ORDER BY event_no;
