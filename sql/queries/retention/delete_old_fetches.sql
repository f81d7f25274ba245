DELETE FROM "fetch"
WHERE fetch_id IN (SELECT fetch_id FROM "fetch" WHERE started_at < %(before)s LIMIT %(limit)s);
