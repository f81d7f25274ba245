-- The documents of some stories, and of those merged into them, name another story now. Articles
-- that are still on their way get a change at its end anyway.
WITH RECURSIVE family AS (
    SELECT story_id FROM story WHERE story_id = ANY(%(story_ids)s)
    UNION
    SELECT s.story_id FROM family JOIN story s ON s.merged_into = family.story_id
), held AS (
    SELECT article_id, version_no FROM article
    WHERE story_id IN (SELECT story_id FROM family) AND stage = 'done'
    ORDER BY article_no
    FOR UPDATE
)
INSERT INTO article_change (article_id, version_no, cause, changed_at)
SELECT article_id, version_no, %(cause)s, %(now)s FROM held;
