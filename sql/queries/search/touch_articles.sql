-- A new change for each of these articles, so that its document is written under a version that
-- is above whatever the index holds. The row locks keep the numbers in the order of the commits;
-- nothing of such a change can match a watch.
WITH touched AS (
    SELECT article_id, version_no FROM article
    WHERE article_id = ANY(%(article_ids)s)
    ORDER BY article_id
    FOR UPDATE
)
INSERT INTO article_change (article_id, version_no, cause, changed_at, matched_at)
SELECT article_id, version_no, 'rebuild', %(now)s, %(now)s FROM touched
