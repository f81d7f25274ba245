-- What a person changed in the database stays as it is.
INSERT INTO actor (actor_id, kind, name, country, latitude, longitude)
SELECT DISTINCT ON (actor_id) actor_id, kind, name, country, latitude, longitude
FROM staged_actor
ON CONFLICT (actor_id) DO UPDATE
SET kind = EXCLUDED.kind, name = EXCLUDED.name, country = EXCLUDED.country,
    latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude
WHERE actor.origin = 'list'
  AND (actor.kind, actor.name, actor.country, actor.latitude, actor.longitude)
      IS DISTINCT FROM (EXCLUDED.kind, EXCLUDED.name, EXCLUDED.country, EXCLUDED.latitude,
                        EXCLUDED.longitude);
