-- The contents of some articles that clustering has not seen yet.
SELECT a.article_id, a.article_no, a.outlet_id, a.published_at, a.published_precision,
       a.dated_at, v.version_no, v.title, v.body, v.text_hash
FROM article a
JOIN article_version v ON v.article_id = a.article_id AND v.month = a.index_month
WHERE a.article_id = ANY(%(article_ids)s)
  AND NOT EXISTS (SELECT FROM article_signature s
                  WHERE s.article_no = a.article_no AND s.version_no = v.version_no)
ORDER BY a.article_no, v.version_no;
