SELECT since, state, reason, url FROM source_history
WHERE source_id = %(source_id)s
ORDER BY change_no DESC LIMIT %(limit)s;
