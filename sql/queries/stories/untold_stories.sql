-- The stories of some annotated articles that have no event yet, each with the text of one of
-- these articles, the earliest, and the actors in it.
WITH told AS (
    SELECT DISTINCT ON (s.story_id) s.story_id, a.article_id, a.article_no, a.version_no,
           a.index_month, a.dated_at
    FROM unnest(%(article_ids)s::text[], %(root_ids)s::text[]) AS w (article_id, root_id)
    JOIN article a ON a.article_id = w.article_id
    JOIN story s ON s.story_id = w.root_id
    WHERE s.event_id IS NULL
    ORDER BY s.story_id, a.article_no
)
SELECT told.story_id, told.article_no, told.dated_at, v.title, v.body,
       ARRAY(SELECT DISTINCT coalesce(m.meant_id, m.actor_id) FROM mention m
             WHERE m.article_id = told.article_id AND m.version_no = told.version_no
               AND m.month = told.index_month) AS actors
FROM told
JOIN article_version v ON v.article_id = told.article_id AND v.version_no = told.version_no
    AND v.month = told.index_month
ORDER BY told.article_no;
