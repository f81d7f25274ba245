-- A name that was taken out of the list no longer leads to its actor.
DELETE FROM actor_alias a
WHERE a.origin = 'list'
  AND NOT EXISTS (SELECT FROM staged_alias s WHERE s.actor_id = a.actor_id AND s.alias = a.alias);
