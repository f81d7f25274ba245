SELECT source_id, kind, url, title, tags, outlet_id, fetch_policy, state, state_reason, state_since,
       paused, removed, failures, next_fetch_at, last_ok_at, interval_seconds, moved_into
FROM source
WHERE source_id = %(name)s OR url = %(name)s
ORDER BY removed, kind = 'archive', kind  -- a past has the address of its source
LIMIT 1;
