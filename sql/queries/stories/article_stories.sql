-- The root story of each article that has one, and the number of its founding article.
WITH RECURSIVE up AS (
    SELECT a.article_no, s.story_id, s.merged_into, s.founding
    FROM article a JOIN story s ON s.story_id = a.story_id
    WHERE a.article_no = ANY(%(numbers)s)
    UNION ALL
    SELECT up.article_no, s.story_id, s.merged_into, s.founding
    FROM up JOIN story s ON s.story_id = up.merged_into
)
SELECT up.article_no, up.story_id, f.article_no AS founding_no
FROM up JOIN article f ON f.article_id = up.founding
WHERE up.merged_into IS NULL;
