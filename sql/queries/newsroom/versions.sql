-- Every version of an article, oldest first.
SELECT v.version_no, v.kind, v.title, v.body, v.authors, v.agency, v.seen_at
FROM article a
JOIN article_version v ON v.article_id = a.article_id AND v.month = a.index_month
WHERE a.article_id = %(article_id)s AND NOT a.tombstoned
ORDER BY v.version_no;
