INSERT INTO watch (watch_id, name, owner, query, languages, unit, news, active, active_since,
                   expires, created_at)
VALUES (%(watch_id)s, %(name)s, %(owner)s, %(query)s, %(languages)s, %(unit)s, %(news)s,
        %(active)s, %(now)s, %(expires)s, %(now)s)
ON CONFLICT (watch_id) DO UPDATE
SET name = EXCLUDED.name, owner = EXCLUDED.owner, query = EXCLUDED.query,
    languages = EXCLUDED.languages, unit = EXCLUDED.unit, news = EXCLUDED.news,
    active = EXCLUDED.active, active_since = EXCLUDED.active_since, expires = EXCLUDED.expires,
    paused_until = NULL, failure = NULL, slow = 0, removed = false;
