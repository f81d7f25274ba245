-- Of these watches those that told no spike for a while.
SELECT w.watch_id FROM watch w
WHERE w.watch_id = ANY(%(watch_ids)s)
  AND NOT EXISTS (
      SELECT FROM match m
      WHERE m.unit = 'watch' AND m.unit_id = w.watch_id AND m.watch_id = w.watch_id
        AND m.matched_at > %(since)s
  )
ORDER BY w.watch_id;
