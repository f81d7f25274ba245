-- Not one good answer for a long time: it is paused, until a person resumes it.
UPDATE source
SET paused = true, state = 'paused', state_since = %(now)s,
    state_reason = 'No good answer since ' || to_char(coalesce(last_ok_at, created_at), 'YYYY-MM-DD')
        || ': not read any more, until you resume it or give its new address.'
WHERE state = 'failing' AND NOT removed AND NOT paused
  AND coalesce(last_ok_at, created_at) < %(before)s;
