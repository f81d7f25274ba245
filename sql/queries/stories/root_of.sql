WITH RECURSIVE up AS (
    SELECT story_id AS from_id, story_id, merged_into FROM story WHERE story_id = ANY(%(story_ids)s)
    UNION ALL
    SELECT up.from_id, s.story_id, s.merged_into
    FROM up JOIN story s ON s.story_id = up.merged_into
)
SELECT from_id, story_id AS root_id FROM up WHERE merged_into IS NULL;
