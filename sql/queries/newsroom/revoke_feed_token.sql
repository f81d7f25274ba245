UPDATE feed_token SET revoked_at = %(now)s
WHERE token_id = %(token_id)s AND revoked_at IS NULL
  AND (%(owner)s::text IS NULL OR owner = %(owner)s);
