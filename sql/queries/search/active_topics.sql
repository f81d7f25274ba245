SELECT watch_id, name, query, languages FROM watch
WHERE kind = 'topic' AND active AND NOT removed
ORDER BY watch_id
