-- The articles themselves, and those that were merged into them or into which they were.
WITH RECURSIVE same AS (
    SELECT article_id, merged_into FROM article WHERE article_id = ANY(%(article_ids)s)
    UNION
    SELECT a.article_id, a.merged_into FROM same s
    JOIN article a ON a.merged_into = s.article_id OR a.article_id = s.merged_into
)
SELECT article_id FROM same ORDER BY 1;
