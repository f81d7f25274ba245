SELECT count(*) AS articles FROM article a
WHERE EXISTS (SELECT FROM article_change c WHERE c.article_id = a.article_id)
