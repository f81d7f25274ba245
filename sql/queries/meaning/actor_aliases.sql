SELECT alias, kind FROM actor_alias WHERE actor_id = %(actor_id)s ORDER BY kind, alias;
