SELECT key, article_id
FROM article_key
WHERE key = ANY(%(keys)s)
