INSERT INTO raw_entry (entry_id, month, source_id, item_key, payload, body_sha256, first_seen_at,
                       state, page_sha256, page_url, page_outcome, page_next_at, code, message, done_at)
VALUES %s
ON CONFLICT DO NOTHING
RETURNING entry_id;
