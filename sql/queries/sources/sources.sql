SELECT source_id, kind, url, title, tags, outlet_id, fetch_policy, state, state_reason, state_since,
       paused, removed, failures, next_fetch_at, last_ok_at, interval_seconds, moved_into
FROM source
WHERE (%(with_removed)s OR NOT removed) AND (%(kind)s IS NULL OR kind = %(kind)s)
ORDER BY kind, created_at, source_id;
