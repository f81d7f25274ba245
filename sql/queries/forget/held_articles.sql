SELECT article_id FROM held_article WHERE article_id = ANY(%(article_ids)s);
