-- Indexed changes that no watch has seen yet. The row lock is the claim: a killed matcher
-- leaves them as they were.
SELECT change_no, article_id, version_no, cause
FROM article_change
WHERE indexed_at IS NOT NULL AND matched_at IS NULL
ORDER BY change_no
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED;
