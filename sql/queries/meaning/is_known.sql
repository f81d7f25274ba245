SELECT EXISTS (SELECT FROM actor WHERE actor_id = %(actor_id)s)
    OR EXISTS (SELECT FROM mention WHERE actor_id = %(actor_id)s) AS known;
