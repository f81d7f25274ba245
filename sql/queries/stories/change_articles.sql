-- Articles whose documents must be written again though their text is as it was.
WITH held AS (
    SELECT article_id, version_no FROM article
    WHERE article_id = ANY(%(article_ids)s) AND stage = 'done'
    ORDER BY article_no
    FOR UPDATE
)
INSERT INTO article_change (article_id, version_no, cause, changed_at)
SELECT article_id, version_no, %(cause)s, %(now)s FROM held;
