SELECT article_id, article_no, dated_at, tombstoned OR merged_into IS NOT NULL AS hidden
FROM article
WHERE stage = 'cluster'
ORDER BY article_no
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED;
