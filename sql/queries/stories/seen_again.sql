DELETE FROM article_missing WHERE article_id = %(article_id)s;
