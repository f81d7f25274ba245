-- What a person changed in the database stays as it is.
INSERT INTO actor (actor_id, kind, name, country)
SELECT DISTINCT ON (actor_id) actor_id, kind, name, country FROM staged_actor
ON CONFLICT (actor_id) DO UPDATE
SET kind = EXCLUDED.kind, name = EXCLUDED.name, country = EXCLUDED.country
WHERE actor.origin = 'list'
  AND (actor.kind, actor.name, actor.country)
      IS DISTINCT FROM (EXCLUDED.kind, EXCLUDED.name, EXCLUDED.country);
