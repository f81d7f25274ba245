UPDATE watch SET removed = true, active = false
WHERE watch_id = %(watch_id)s AND NOT removed;
