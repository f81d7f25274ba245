UPDATE article SET stage = 'done', pending_cause = NULL WHERE article_id = ANY(%(article_ids)s);
