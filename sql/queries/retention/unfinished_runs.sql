SELECT count(*) AS runs FROM forget_run WHERE finished_at IS NULL;
