INSERT INTO forget_run (kind, redact, asked_by, begun_at)
VALUES (%(kind)s, %(redact)s, %(asked_by)s, %(now)s)
RETURNING run_id;
