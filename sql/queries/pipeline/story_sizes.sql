-- The stories with the most articles that grew since a time, their outlets, and the headline of
-- the article that was out first.
WITH RECURSIVE root AS (
    SELECT story_id, story_id AS root_id FROM story WHERE merged_into IS NULL
    UNION ALL
    SELECT s.story_id, root.root_id FROM story s JOIN root ON s.merged_into = root.story_id
)
SELECT
    root.root_id AS story_id,
    count(*) AS articles,
    count(DISTINCT a.outlet_id) AS outlets,
    (array_agg(v.title ORDER BY a.dated_at, a.first_seen_at, a.article_no))[1] AS title
FROM article a
JOIN root ON root.story_id = a.story_id
JOIN article_version v ON v.article_id = a.article_id AND v.version_no = a.version_no
                      AND v.month = a.index_month
WHERE a.merged_into IS NULL AND NOT a.tombstoned
GROUP BY root.root_id
HAVING max(a.first_seen_at) >= %(since)s AND count(*) > 1
ORDER BY articles DESC, root.root_id
LIMIT %(limit)s;
