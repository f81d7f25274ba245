UPDATE feed_token SET last_used_at = %(now)s
WHERE token_hash = %(token_hash)s AND revoked_at IS NULL
RETURNING name, query;
