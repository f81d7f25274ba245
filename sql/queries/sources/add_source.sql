INSERT INTO source (source_id, kind, url, title, tags, outlet_id, fetch_policy, state, state_since,
                    paused, next_fetch_at, created_at)
VALUES (%(source_id)s, %(kind)s, %(url)s, %(title)s, %(tags)s, %(outlet_id)s, %(fetch_policy)s,
        %(state)s, %(now)s, %(paused)s, %(now)s, %(now)s)
ON CONFLICT (kind, url) DO NOTHING;
