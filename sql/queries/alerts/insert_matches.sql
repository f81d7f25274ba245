-- A suppressed match may become live; a live one never changes.
INSERT INTO match (watch_id, unit, unit_id, cause_key, article_id, version_no, reason, state,
                   suppressed_why, matched_at, live_at)
VALUES %s
ON CONFLICT (watch_id, unit, unit_id, cause_key) DO UPDATE
SET article_id = EXCLUDED.article_id, version_no = EXCLUDED.version_no,
    reason = EXCLUDED.reason, state = 'live', suppressed_why = NULL, live_at = EXCLUDED.live_at
WHERE match.state = 'suppressed' AND EXCLUDED.state = 'live'
RETURNING state;
