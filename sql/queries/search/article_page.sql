-- The articles with a change, in order of their ids, from one id on.
SELECT a.article_id FROM article a
WHERE a.article_id > %(after)s
  AND EXISTS (SELECT FROM article_change c WHERE c.article_id = a.article_id)
ORDER BY a.article_id
LIMIT %(limit)s
