UPDATE article SET stage = %(stage)s WHERE article_id = ANY(%(article_ids)s);
