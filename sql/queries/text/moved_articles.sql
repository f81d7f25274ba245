-- The article that its outlet put out before with the same headline and text at the same time,
-- under another address.
SELECT a.article_id
FROM article_version v
JOIN article a ON a.article_id = v.article_id AND a.index_month = v.month
WHERE v.text_hash = %(text_hash)s AND v.title = %(title)s AND a.outlet_id = %(outlet_id)s
  AND a.published_at = %(published_at)s AND a.merged_into IS NULL
ORDER BY a.article_no
LIMIT 1;
