INSERT INTO event_profile (event_id, stories, first_day, last_day, terms, weights) VALUES %s
ON CONFLICT (event_id) DO UPDATE SET stories = EXCLUDED.stories, first_day = EXCLUDED.first_day,
    last_day = EXCLUDED.last_day, terms = EXCLUDED.terms, weights = EXCLUDED.weights
RETURNING event_id, event_no;
