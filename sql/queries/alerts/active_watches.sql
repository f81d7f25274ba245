-- A pause that ran out counts as a resumption at its end.
SELECT watch_id, query, languages, unit, news,
       greatest(active_since, paused_until) AS active_since
FROM watch
WHERE kind = 'watch' AND active AND NOT removed
  AND (expires IS NULL OR expires > %(now)s)
  AND (paused_until IS NULL OR paused_until <= %(now)s)
ORDER BY watch_id;
