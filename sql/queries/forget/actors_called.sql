-- Who has this id or name, in the list or in texts alone.
SELECT actor_id, kind, name FROM actor
WHERE actor_id = %(wanted)s OR folded(name) = folded(%(wanted)s)
UNION
SELECT a.actor_id, a.kind, a.name FROM actor a JOIN actor_alias n USING (actor_id)
WHERE folded(n.alias) = folded(%(wanted)s)
UNION
SELECT actor_id, kind, name FROM mention
WHERE actor_id = %(wanted)s OR (actor_id LIKE 'local:%%' AND folded(name) = folded(%(wanted)s))
ORDER BY actor_id;
