-- A change for the first article of each story that these changes made larger or smaller: its
-- document says how many copies there are. One that waits to be indexed anyway needs none.
-- The row locks keep an article's change numbers in the order of their commits; nothing of such
-- a change can match a watch.
WITH RECURSIVE upwards AS (
    SELECT s.story_id, s.merged_into, s.origin_article_id
    FROM article_change c
    JOIN article a ON a.article_id = c.article_id
    JOIN story s ON s.story_id = a.story_id
    WHERE c.change_no = ANY(%(change_nos)s) AND c.cause NOT IN ('new_version', 'late_annotation',
                        'alias_edit', 'rebuild')
    UNION
    SELECT s.story_id, s.merged_into, s.origin_article_id
    FROM upwards JOIN story s ON s.story_id = upwards.merged_into
), firsts AS (
    SELECT article_id, version_no FROM article
    WHERE article_id IN (SELECT origin_article_id FROM upwards WHERE merged_into IS NULL)
      AND EXISTS (SELECT FROM article_change c WHERE c.article_id = article.article_id)
      AND NOT EXISTS (SELECT FROM article_change c
                      WHERE c.article_id = article.article_id AND c.indexed_at IS NULL)
    ORDER BY article_id
    FOR UPDATE
)
INSERT INTO article_change (article_id, version_no, cause, changed_at, matched_at)
SELECT article_id, version_no, 'rebuild', %(now)s, %(now)s FROM firsts
