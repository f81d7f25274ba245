-- What stood in no other source than this one.
SELECT s.article_id FROM article_source s
WHERE s.source_id = %(source_id)s
  AND NOT EXISTS (SELECT FROM article_source o
                  WHERE o.article_id = s.article_id AND o.source_id <> s.source_id)
ORDER BY 1;
