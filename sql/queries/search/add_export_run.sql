INSERT INTO export_run (query, rules, checksum, started_at)
VALUES (%(query)s, to_jsonb(%(rules)s::text[]), %(checksum)s, %(now)s)
