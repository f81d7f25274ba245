-- The current text of articles, as the annotation takes it.
SELECT
    a.article_id, a.version_no, a.index_month AS month, false AS hidden,
    coalesce(a.story_id, a.article_id) AS story_id,
    coalesce(v.language, a.language) AS language,
    coalesce(a.published_date, a.dated_at::date) AS day,
    coalesce(v.title, '') AS title, coalesce(v.body, '') AS body
FROM article a
LEFT JOIN article_version v
    ON v.article_id = a.article_id AND v.version_no = a.version_no AND v.month = a.index_month
WHERE a.article_id = ANY(%(article_ids)s)
ORDER BY a.article_no;
