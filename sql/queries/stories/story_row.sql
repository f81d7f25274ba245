-- A story with its event's root and the stories that ended in it.
WITH RECURSIVE up AS (
    SELECT e.event_id, e.merged_into
    FROM event e JOIN story s ON s.event_id = e.event_id
    WHERE s.story_id = %(story_id)s
    UNION ALL
    SELECT e.event_id, e.merged_into FROM up JOIN event e ON e.event_id = up.merged_into
), family AS (
    SELECT story_id FROM story WHERE story_id = %(story_id)s
    UNION ALL
    SELECT s.story_id FROM family JOIN story s ON s.merged_into = family.story_id
)
SELECT s.story_id, s.origin_article_id, s.origin_reason, s.repeat_of,
       (SELECT event_id FROM up WHERE merged_into IS NULL) AS event_id,
       ARRAY(SELECT story_id FROM family WHERE story_id <> s.story_id ORDER BY 1) AS merged
FROM story s WHERE s.story_id = %(story_id)s;
