-- The stories with the most articles that joined since a time, and their outlets.
WITH RECURSIVE root AS (
    SELECT story_id, story_id AS root_id FROM story WHERE merged_into IS NULL
    UNION ALL
    SELECT s.story_id, root.root_id FROM story s JOIN root ON s.merged_into = root.story_id
)
SELECT
    root.root_id AS story_id,
    count(*) AS articles,
    count(DISTINCT a.outlet_id) AS outlets,
    (SELECT v.title FROM article f JOIN article_version v
        ON v.article_id = f.article_id AND v.version_no = f.version_no
     WHERE f.article_id = (SELECT origin_article_id FROM story WHERE story_id = root.root_id)) AS title
FROM article a JOIN root ON root.story_id = a.story_id
WHERE a.merged_into IS NULL AND NOT a.tombstoned
GROUP BY root.root_id
HAVING max(a.first_seen_at) >= %(since)s AND count(*) > 1
ORDER BY articles DESC, root.root_id
LIMIT %(limit)s;
