SELECT match_id, watch_id, unit, unit_id, cause_key
FROM match
WHERE state = 'live' AND queued_at IS NULL
ORDER BY match_id
FOR UPDATE SKIP LOCKED;
