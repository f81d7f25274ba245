SELECT a.article_id, a.article_no, a.outlet_id, a.published_at, a.published_precision,
       v.version_no, v.title, v.body, v.text_hash
FROM article a
JOIN article_version v ON v.article_id = a.article_id AND v.month = a.index_month
WHERE a.article_no = ANY(%(numbers)s)
ORDER BY a.article_no, v.version_no;
