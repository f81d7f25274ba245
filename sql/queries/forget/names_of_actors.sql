SELECT name FROM actor WHERE actor_id = ANY(%(actor_ids)s)
UNION
SELECT alias FROM actor_alias WHERE actor_id = ANY(%(actor_ids)s)
UNION
SELECT name FROM mention WHERE actor_id = ANY(%(actor_ids)s)
ORDER BY 1;
