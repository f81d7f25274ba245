INSERT INTO delivery_match (recipient_id, kind, slot, match_id, state)
VALUES %s
ON CONFLICT DO NOTHING;
