UPDATE watch
SET failure = %(failure)s, slow = slow + 1, active = active AND slow + 1 < %(limit)s
WHERE watch_id = %(watch_id)s;
