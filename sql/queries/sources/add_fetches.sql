INSERT INTO "fetch" (source_id, started_at, finished_at, url, outcome, message, status, bytes, entries, new)
VALUES %s;
