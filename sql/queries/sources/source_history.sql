SELECT since, state, reason, url FROM source_history
WHERE source_id = %(source_id)s
ORDER BY since DESC, state LIMIT %(limit)s;
