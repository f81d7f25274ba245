-- The articles of these surviving stories, with those of the stories merged into them.
WITH RECURSIVE family AS (
    SELECT story_id AS root, story_id FROM story WHERE story_id = ANY(%(unit_ids)s)
    UNION ALL
    SELECT f.root, s.story_id FROM family f JOIN story s ON s.merged_into = f.story_id
)
SELECT f.root AS unit_id, a.article_id, a.intake, a.published_at, a.published_precision,
       a.dated_at, a.first_seen_at
FROM family f JOIN article a ON a.story_id = f.story_id
WHERE NOT a.tombstoned AND a.merged_into IS NULL;
