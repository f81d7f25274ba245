UPDATE reprocess_run
SET finished_at = %(now)s, summary = %(summary)s
WHERE run_id = %(run_id)s;
