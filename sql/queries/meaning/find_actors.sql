SELECT DISTINCT a.actor_id, a.kind, a.name, a.country, c.name AS country_name
FROM actor a
LEFT JOIN actor c ON c.actor_id = a.country
LEFT JOIN actor_alias n ON n.actor_id = a.actor_id
WHERE a.actor_id = %(wanted)s OR lower(a.name) = lower(%(wanted)s)
   OR lower(n.alias) = lower(%(wanted)s)
ORDER BY a.name, a.actor_id;
