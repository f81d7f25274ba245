UPDATE article_key
SET article_id = %(survivor)s
WHERE article_id = %(merged)s
