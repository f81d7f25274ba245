UPDATE watch SET removed = true, active = false, name = 'forgotten', query = 'forgotten', failure = NULL
WHERE watch_id = %(id)s;
