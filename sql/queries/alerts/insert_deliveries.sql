INSERT INTO delivery (recipient_id, kind, slot, state, next_attempt_at, message_id, queued_at)
VALUES %s
ON CONFLICT (recipient_id, kind, slot) DO NOTHING
RETURNING recipient_id, kind, slot;
