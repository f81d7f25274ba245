UPDATE forget_run SET finished_at = %(now)s, report = %(report)s WHERE run_id = %(run_id)s;
