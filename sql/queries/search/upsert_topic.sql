INSERT INTO watch (watch_id, kind, name, owner, query, languages, active, active_since, created_at)
VALUES (%(watch_id)s, 'topic', %(name)s, '', %(query)s, %(languages)s, %(active)s, %(now)s, %(now)s)
ON CONFLICT (watch_id) DO UPDATE
SET name = EXCLUDED.name, query = EXCLUDED.query, languages = EXCLUDED.languages,
    active = EXCLUDED.active, active_since = EXCLUDED.active_since, failure = NULL, removed = false
WHERE (watch.name, watch.query, watch.languages, watch.active, watch.removed)
    IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.query, EXCLUDED.languages, EXCLUDED.active, false)
