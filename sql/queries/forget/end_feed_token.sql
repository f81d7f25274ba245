UPDATE feed_token SET name = 'forgotten', query = 'forgotten', revoked_at = coalesce(revoked_at, %(now)s)
WHERE token_id = %(id)s::bigint;
