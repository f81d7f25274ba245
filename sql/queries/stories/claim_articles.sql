-- The earliest first: it founds the story of the copies that come with it.
SELECT article_id, article_no, dated_at, tombstoned OR merged_into IS NOT NULL AS hidden
FROM article
WHERE stage = 'cluster'
ORDER BY dated_at, article_no
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED;
