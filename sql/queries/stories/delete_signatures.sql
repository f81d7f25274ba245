DELETE FROM article_signature WHERE article_no = ANY(%(numbers)s);
