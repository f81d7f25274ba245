SELECT DISTINCT actor_id, kind, name FROM mention
WHERE actor_id = %(wanted)s OR (actor_id LIKE 'local:%%' AND lower(name) = lower(%(wanted)s))
ORDER BY name, actor_id
LIMIT 50;
