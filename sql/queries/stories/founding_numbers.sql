SELECT s.story_id, a.article_no FROM story s JOIN article a ON a.article_id = s.founding
WHERE s.story_id = ANY(%(story_ids)s);
