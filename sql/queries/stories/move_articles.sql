UPDATE article SET story_id = %(new_id)s,
    relation = CASE WHEN article_id = %(new_id)s THEN 'original' ELSE relation END,
    of_article_id = CASE WHEN article_id = %(new_id)s THEN NULL ELSE of_article_id END
WHERE article_id = ANY(%(article_ids)s);
