UPDATE article
SET intake = %(intake)s
WHERE article_id = %(article_id)s
