-- The end of the pause counts as a resumption (active_watches).
UPDATE watch SET active = true, failure = NULL, slow = 0, paused_until = %(until)s
WHERE watch_id = %(watch_id)s AND NOT removed;
