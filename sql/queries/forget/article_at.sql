SELECT article_id FROM article_key WHERE key = ANY(%(keys)s)
UNION
SELECT article_id FROM article WHERE url = %(url)s OR article_id = %(url)s;
