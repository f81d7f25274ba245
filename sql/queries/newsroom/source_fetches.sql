-- The latest readings of a source, newest first.
SELECT started_at, finished_at, outcome, message, status, bytes, entries, new, url
FROM "fetch" WHERE source_id = %(source_id)s
ORDER BY started_at DESC, fetch_id DESC
LIMIT %(limit)s;
