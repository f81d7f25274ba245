INSERT INTO event (event_id, founding, created_at) VALUES %s
ON CONFLICT DO NOTHING;
