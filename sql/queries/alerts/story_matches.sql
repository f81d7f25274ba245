-- What these watches already found of the stories, also under the names of merged ones.
WITH RECURSIVE family AS (
    SELECT story_id AS root, story_id FROM story WHERE story_id = ANY(%(unit_ids)s)
    UNION ALL
    SELECT f.root, s.story_id FROM family f JOIN story s ON s.merged_into = f.story_id
)
SELECT m.watch_id, f.root AS unit_id, m.cause_key, m.state, m.article_id,
       m.reason -> 'clauses' AS clauses
FROM family f JOIN match m ON m.unit = 'story' AND m.unit_id = f.story_id
WHERE m.watch_id = ANY(%(watch_ids)s);
