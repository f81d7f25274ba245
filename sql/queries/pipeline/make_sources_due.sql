-- Every source that is followed may be read now, but those whose server asked us to wait.
UPDATE source
SET next_fetch_at = %(now)s
WHERE kind <> 'folder' AND NOT paused AND NOT removed AND state NOT IN ('gone', 'robots')
  AND next_fetch_at > %(now)s
  AND (SELECT f.outcome FROM "fetch" f WHERE f.source_id = source.source_id
       ORDER BY f.started_at DESC LIMIT 1) IS DISTINCT FROM 'throttled';
