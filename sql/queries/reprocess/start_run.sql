INSERT INTO reprocess_run (stage, since, rules, started_at)
VALUES (%(stage)s, %(since)s, %(rules)s, %(now)s)
RETURNING run_id;
