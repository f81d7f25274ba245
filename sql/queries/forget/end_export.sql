UPDATE export_run SET query = 'forgotten' WHERE run_id = %(id)s::bigint;
