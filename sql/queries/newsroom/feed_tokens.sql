SELECT token_id, name, query, owner, created_at, last_used_at
FROM feed_token
WHERE revoked_at IS NULL AND (%(owner)s::text IS NULL OR owner = %(owner)s)
ORDER BY token_id;
