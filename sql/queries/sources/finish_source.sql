-- A source that was paused while it was read stays paused. The coming and going of news is no
-- change of state.
UPDATE source
SET state = CASE WHEN paused THEN 'paused' ELSE %(state)s END,
    state_reason = %(reason)s,
    state_since = CASE WHEN paused OR state = %(state)s
                         OR (state IN ('fine', 'unchanged') AND %(state)s IN ('fine', 'unchanged'))
                       THEN state_since ELSE %(now)s END,
    title = CASE WHEN title = '' THEN %(title)s ELSE title END,
    etag = %(etag)s,
    last_modified = %(last_modified)s,
    body_sha256 = %(body_sha256)s,
    failures = %(failures)s,
    next_fetch_at = %(next_fetch_at)s,
    interval_seconds = extract(epoch FROM %(next_fetch_at)s - %(now)s),
    last_ok_at = CASE WHEN %(is_ok)s THEN %(now)s ELSE last_ok_at END,
    rhythm = coalesce(%(rhythm)s, rhythm),
    least_seconds = %(least_seconds)s,
    moved_to = %(moved_to)s,
    moved_seen = %(moved_seen)s,
    claimed_until = NULL
WHERE source_id = %(source_id)s;
