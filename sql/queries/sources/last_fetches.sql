SELECT started_at, url, outcome, message, status, bytes, entries, new FROM "fetch"
WHERE source_id = %(source_id)s
ORDER BY started_at DESC, fetch_id DESC LIMIT %(limit)s;
