INSERT INTO "fetch" (source_id, started_at, finished_at, url, outcome, message, status, bytes, entries, new)
VALUES (%(source_id)s, %(started_at)s, %(finished_at)s, %(url)s, %(outcome)s, %(message)s, %(status)s,
        %(bytes)s, %(entries)s, %(new)s);
