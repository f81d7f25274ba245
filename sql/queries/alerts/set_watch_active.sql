UPDATE watch
SET active = %(active)s, failure = NULL, slow = 0, paused_until = NULL,
    active_since = CASE WHEN %(active)s THEN %(now)s ELSE active_since END
WHERE watch_id = %(watch_id)s AND NOT removed;
