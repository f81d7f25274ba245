-- Visible articles whose latest change is in the index. A hidden one that still waits for its
-- deletion does not count.
SELECT count(*) AS articles
FROM article a
CROSS JOIN LATERAL (
    SELECT c.indexed_at, c.index_error FROM article_change c
    WHERE c.article_id = a.article_id
    ORDER BY c.change_no DESC
    LIMIT 1
) latest
WHERE NOT a.tombstoned AND a.merged_into IS NULL
  AND latest.indexed_at IS NOT NULL AND latest.index_error IS NULL
