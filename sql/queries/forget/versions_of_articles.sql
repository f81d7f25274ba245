SELECT v.article_id, v.version_no, v.month, v.title, v.body, v.authors, v.agency, a.url
FROM article_version v JOIN article a USING (article_id)
WHERE a.article_id = ANY(%(article_ids)s)
ORDER BY v.article_id, v.version_no
FOR UPDATE;
