-- A survivor that is still under way writes its own change when it is done.
INSERT INTO article_change (article_id, version_no, cause, changed_at)
SELECT article_id, version_no, 'merge', %(now)s
FROM article
WHERE article_id = %(merged)s OR (article_id = %(survivor)s AND stage = 'done')
ORDER BY article_id
