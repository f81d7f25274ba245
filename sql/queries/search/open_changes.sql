SELECT change_no, article_id FROM article_change
WHERE indexed_at IS NULL
ORDER BY change_no
LIMIT %(limit)s
