SELECT key FROM article_key WHERE article_id = ANY(%(article_ids)s)
UNION
SELECT article_id FROM article WHERE article_id = ANY(%(article_ids)s);
