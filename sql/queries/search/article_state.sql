-- What the index should hold of these articles; "open" ones wait for their turn.
SELECT a.article_id, a.index_month,
       a.tombstoned OR a.merged_into IS NOT NULL AS hidden,
       max(c.change_no) AS change_no,
       bool_or(c.indexed_at IS NULL) AS open,
       bool_or(c.index_error IS NOT NULL) AS bad
FROM article a JOIN article_change c ON c.article_id = a.article_id
WHERE a.article_id = ANY(%(article_ids)s)
GROUP BY a.article_id
