-- The stories of articles that turned out to be one article with others.
SELECT DISTINCT m.story_id AS gone_id, s.story_id AS kept_id
FROM article m JOIN article s ON s.article_id = m.merged_into
WHERE m.article_id = ANY(%(article_ids)s) AND m.story_id IS NOT NULL AND s.story_id IS NOT NULL
  AND m.story_id <> s.story_id;
