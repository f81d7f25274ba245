-- Hidden for good, but their text is still there: the hold has ended, or the work was broken off.
SELECT a.article_id FROM article a
WHERE a.tombstoned AND a.article_id NOT IN (SELECT article_id FROM held_article)
  AND (a.url IS NOT NULL OR EXISTS (
      SELECT FROM article_version v WHERE v.article_id = a.article_id AND v.body <> ''))
ORDER BY 1
LIMIT %(limit)s;
