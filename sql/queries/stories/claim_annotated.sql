SELECT article_id, version_no, story_id, intake, pending_cause
FROM article
WHERE stage = 'compare'
ORDER BY article_no
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED;
