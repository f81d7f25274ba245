INSERT INTO event (event_id, founding, created_at) VALUES %s
ON CONFLICT (event_id) DO UPDATE SET merged_into = NULL;
