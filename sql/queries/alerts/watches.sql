SELECT watch_id, name, owner, query, languages, unit, news, active, active_since, expires,
       paused_until, failure, slow
FROM watch
WHERE kind = 'watch' AND NOT removed
ORDER BY watch_id;
