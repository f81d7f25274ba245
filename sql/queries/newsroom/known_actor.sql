-- The actor of an id: of the list, else as the articles name it.
SELECT a.actor_id, a.kind, a.name, c.name AS country_name
FROM actor a LEFT JOIN actor c ON c.actor_id = a.country
WHERE a.actor_id = %(actor_id)s
UNION ALL
(SELECT m.actor_id, m.kind, m.name, NULL FROM mention m
 WHERE m.actor_id = %(actor_id)s
   AND NOT EXISTS (SELECT FROM actor a WHERE a.actor_id = %(actor_id)s)
 LIMIT 1);
