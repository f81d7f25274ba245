INSERT INTO actor_alias (actor_id, alias, kind)
SELECT DISTINCT ON (actor_id, alias) actor_id, alias, kind FROM staged_alias
ON CONFLICT (actor_id, alias) DO UPDATE SET kind = EXCLUDED.kind
WHERE actor_alias.origin = 'list' AND actor_alias.kind <> EXCLUDED.kind;
