-- The row lock is the claim: another worker skips these, and a kill frees them.
SELECT
    a.article_id, a.version_no, a.index_month AS month,
    a.tombstoned OR a.merged_into IS NOT NULL AS hidden,
    coalesce(v.language, a.language) AS language,
    coalesce(a.published_date, a.dated_at::date) AS day,
    coalesce(v.title, '') AS title, coalesce(v.body, '') AS body
FROM article a
LEFT JOIN article_version v
    ON v.article_id = a.article_id AND v.version_no = a.version_no AND v.month = a.index_month
WHERE a.stage = 'annotate'
ORDER BY a.article_no
LIMIT %(limit)s
FOR UPDATE OF a SKIP LOCKED;
