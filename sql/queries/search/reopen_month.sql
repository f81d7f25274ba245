-- The latest change of every article of a month is to be indexed again.
UPDATE article_change SET indexed_at = NULL, index_error = NULL
WHERE change_no IN (
    SELECT max(c.change_no)
    FROM article a JOIN article_change c ON c.article_id = a.article_id
    WHERE a.index_month = %(month)s
    GROUP BY a.article_id
)
