DELETE FROM actor_decision WHERE decision_id = %(id)s::bigint;
