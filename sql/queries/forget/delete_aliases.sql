DELETE FROM actor_alias WHERE actor_id = ANY(%(actor_ids)s);
