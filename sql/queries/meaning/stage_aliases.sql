CREATE TEMPORARY TABLE staged_alias (actor_id text, alias text, kind text) ON COMMIT DROP;
