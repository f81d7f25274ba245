-- Who hears at once of what these watches find, each watch and reader once.
SELECT s.watch_id, s.recipient_id, r.address
FROM subscription s JOIN recipient r USING (recipient_id)
WHERE s.watch_id = ANY(%(watch_ids)s) AND s.mode IN ('instant', 'both')
  AND s.unsubscribed_at IS NULL AND NOT s.paused @> %(now)s;
