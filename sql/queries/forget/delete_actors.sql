DELETE FROM actor WHERE actor_id = ANY(%(actor_ids)s);
