-- Articles at rest; those that an earlier run sent back are at rest too.
SELECT article_id, article_no, version_no, index_month
FROM article
WHERE first_seen_at >= %(since)s AND article_no > %(after)s
  AND NOT tombstoned AND merged_into IS NULL
  AND (stage = 'done' OR pending_cause = 'reprocess')
ORDER BY article_no
LIMIT %(limit)s
FOR UPDATE;
