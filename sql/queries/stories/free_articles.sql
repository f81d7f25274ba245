UPDATE article SET story_id = NULL, relation = NULL, of_article_id = NULL, similarity = NULL
WHERE article_id = ANY(%(article_ids)s);
