SELECT DISTINCT a.index_month AS month FROM article a
WHERE a.article_id <= %(article_id)s AND NOT a.tombstoned AND a.merged_into IS NULL
  AND EXISTS (SELECT FROM article_change c WHERE c.article_id = a.article_id)
