-- What a person can set of a source. Resuming makes it due at once.
UPDATE source
SET title = %(title)s, tags = %(tags)s, outlet_id = %(outlet_id)s, fetch_policy = %(fetch_policy)s,
    state = CASE WHEN %(paused)s THEN 'paused'
                 WHEN paused OR removed THEN 'new' ELSE state END,
    state_reason = CASE WHEN %(paused)s OR paused OR removed THEN NULL ELSE state_reason END,
    state_since = CASE WHEN paused IS DISTINCT FROM %(paused)s OR removed THEN %(now)s
                       ELSE state_since END,
    next_fetch_at = CASE WHEN (paused AND NOT %(paused)s) OR removed THEN %(now)s
                         ELSE next_fetch_at END,
    failures = CASE WHEN (paused AND NOT %(paused)s) OR removed THEN 0 ELSE failures END,
    paused = %(paused)s,
    removed = false
WHERE source_id = %(source_id)s;
