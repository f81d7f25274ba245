-- A story whose founding article is in another one now ends there, so that what names it leads on.
UPDATE story SET merged_into = a.story_id
FROM article a
WHERE story.founding = ANY(%(article_ids)s) AND a.article_id = story.founding
  AND a.story_id <> story.story_id;
