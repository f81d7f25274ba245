CREATE TEMPORARY TABLE staged_actor (actor_id text, kind text, name text, country text)
ON COMMIT DROP;
