UPDATE story SET origin_article_id = m.article_id, origin_reason = m.reason
FROM (VALUES %s) AS m (story_id, article_id, reason)
WHERE story.story_id = m.story_id;
