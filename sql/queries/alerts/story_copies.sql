-- Every article of the stories that these articles stand in, as a reader sees them. "asked"
-- is the article by which the story was asked for.
WITH RECURSIVE up AS (
    SELECT a.article_id AS asked, s.story_id, s.merged_into
    FROM article a JOIN story s USING (story_id) WHERE a.article_id = ANY(%(article_ids)s)
    UNION ALL
    SELECT up.asked, s.story_id, s.merged_into
    FROM up JOIN story s ON s.story_id = up.merged_into
),
family AS (
    SELECT asked, story_id AS root, story_id FROM up WHERE merged_into IS NULL
    UNION ALL
    SELECT f.asked, f.root, s.story_id FROM family f JOIN story s ON s.merged_into = f.story_id
)
SELECT f.asked, f.root AS story_id, unit_root(top.event_id) AS event_id, a.article_id, a.url, a.published_at, a.published_origin,
       a.published_precision, a.first_seen_at, a.dated_at, a.relation, a.of_article_id,
       a.language, v.title, v.body, o.name AS outlet_name, o.tier,
       came.kind AS source_kind, nullif(came.title, '') AS source_name
FROM family f
JOIN story top ON top.story_id = f.root
JOIN article a ON a.story_id = f.story_id
JOIN article_version v ON v.article_id = a.article_id AND v.version_no = a.version_no
                      AND v.month = a.index_month
LEFT JOIN outlet o USING (outlet_id)
LEFT JOIN LATERAL (
    SELECT s.kind, s.title FROM article_source x JOIN source s USING (source_id)
    WHERE x.article_id = a.article_id ORDER BY x.first_seen_at, s.source_id LIMIT 1
) came ON true
WHERE NOT a.tombstoned AND a.merged_into IS NULL
ORDER BY a.dated_at, a.first_seen_at, a.article_no;
