-- The earliest first: it founds the story of the copies that come with it. What is hidden comes
-- last: an article that was merged follows the other into its story.
SELECT article_id, article_no, story_id, dated_at, tombstoned OR merged_into IS NOT NULL AS hidden
FROM article
WHERE stage = 'cluster'
ORDER BY tombstoned OR merged_into IS NOT NULL, dated_at, article_no
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED;
