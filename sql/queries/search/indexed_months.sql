-- The months in which an indexed, visible article lies; each found by one step in the index.
WITH RECURSIVE months AS (
    SELECT min(index_month) AS month FROM article
    UNION ALL
    SELECT (SELECT min(index_month) FROM article WHERE index_month > months.month)
    FROM months WHERE months.month IS NOT NULL
)
SELECT month FROM months
WHERE EXISTS (
    SELECT FROM article a JOIN article_change c ON c.article_id = a.article_id
    WHERE a.index_month = months.month AND NOT a.tombstoned AND a.merged_into IS NULL
      AND c.indexed_at IS NOT NULL
)
