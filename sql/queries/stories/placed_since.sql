-- The visible articles with a story that were first seen since a time, in the order in which
-- clustering takes them, and the root of each one's story. Locked by the caller's clustering.
SELECT a.article_id, a.article_no, a.dated_at, a.story_id
FROM article a
WHERE a.first_seen_at >= %(since)s AND a.story_id IS NOT NULL AND a.stage <> 'cluster'
  AND a.merged_into IS NULL AND NOT a.tombstoned
ORDER BY a.dated_at, a.article_no
FOR UPDATE;
