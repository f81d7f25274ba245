-- A source that was paused while it was read stays paused. The coming and going of news is no
-- change of state.
UPDATE source
SET state = CASE WHEN paused THEN 'paused' ELSE ended.state END,
    state_reason = ended.reason,
    state_since = CASE WHEN paused OR source.state = ended.state
                         OR (source.state IN ('fine', 'unchanged')
                             AND ended.state IN ('fine', 'unchanged'))
                       THEN state_since ELSE ended.now END,
    title = CASE WHEN source.title = '' THEN ended.title ELSE source.title END,
    etag = ended.etag,
    last_modified = ended.last_modified,
    body_sha256 = ended.body_sha256,
    failures = ended.failures,
    next_fetch_at = ended.next_fetch_at,
    interval_seconds = extract(epoch FROM ended.next_fetch_at - ended.now),
    last_ok_at = CASE WHEN ended.is_ok THEN ended.now ELSE last_ok_at END,
    rhythm = coalesce(ended.rhythm, source.rhythm),
    least_seconds = ended.least_seconds,
    moved_to = ended.moved_to,
    moved_seen = ended.moved_seen,
    claimed_until = NULL
FROM (VALUES %s) AS ended (source_id, now, state, reason, title, etag, last_modified, body_sha256,
                           failures, next_fetch_at, is_ok, rhythm, least_seconds, moved_to,
                           moved_seen)
WHERE source.source_id = ended.source_id;
