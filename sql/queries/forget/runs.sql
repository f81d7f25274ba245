SELECT run_id, kind, redact, asked_by, begun_at, finished_at, report FROM forget_run ORDER BY run_id;
