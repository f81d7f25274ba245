INSERT INTO archive_position (source_id, name, head, place, records, done, moved_at)
VALUES (%(source_id)s, %(name)s, %(head)s, %(place)s, %(records)s, %(done)s, %(now)s)
ON CONFLICT (source_id, name) DO UPDATE
SET head = EXCLUDED.head, place = EXCLUDED.place, records = EXCLUDED.records,
    done = EXCLUDED.done, moved_at = EXCLUDED.moved_at;
