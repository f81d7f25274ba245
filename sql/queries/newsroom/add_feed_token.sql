INSERT INTO feed_token (token_hash, name, query, owner, created_at)
VALUES (%(token_hash)s, %(name)s, %(query)s, %(owner)s, %(now)s);
