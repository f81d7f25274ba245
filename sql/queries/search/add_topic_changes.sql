-- A fresh article may still be news to a watch that asks for the topic; of an older one nothing
-- is told. The row locks keep an article's change numbers in the order of their commits.
WITH touched AS (
    SELECT article_id, version_no, intake, first_seen_at, dated_at FROM article
    WHERE article_id = ANY(%(article_ids)s)
    ORDER BY article_id
    FOR UPDATE
)
INSERT INTO article_change (article_id, version_no, cause, changed_at)
SELECT article_id, version_no,
       CASE WHEN intake <> 'archive' AND first_seen_at >= %(now)s - %(window)s::interval
                 AND (intake = 'seed' OR dated_at >= first_seen_at - %(window)s::interval)
            THEN 'late_annotation' ELSE 'reprocess' END,
       %(now)s
FROM touched
