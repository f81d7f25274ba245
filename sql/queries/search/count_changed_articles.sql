SELECT count(*) AS articles FROM article a
WHERE EXISTS (SELECT FROM article_change c WHERE c.article_id = a.article_id)
  AND (%(up_to)s::text IS NULL OR a.article_id <= %(up_to)s)
