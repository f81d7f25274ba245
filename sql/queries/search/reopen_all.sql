-- The latest change of every article is to be indexed again.
UPDATE article_change SET indexed_at = NULL, index_error = NULL
WHERE change_no IN (SELECT max(change_no) FROM article_change GROUP BY article_id)
