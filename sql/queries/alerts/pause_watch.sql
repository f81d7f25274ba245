-- The end of the pause counts as a resumption (active_watches).
UPDATE watch SET active = true, paused_until = %(until)s
WHERE watch_id = %(watch_id)s AND NOT removed;
