-- One row an article, with the root of its story and event. The first article of a story also
-- counts its copies.
WITH RECURSIVE wanted AS (
    SELECT * FROM article WHERE article_id = ANY(%(article_ids)s)
), upwards AS (
    SELECT story_id AS from_id, story_id, merged_into, origin_article_id, event_id
    FROM story WHERE story_id IN (SELECT story_id FROM wanted)
    UNION
    SELECT upwards.from_id, s.story_id, s.merged_into, s.origin_article_id, s.event_id
    FROM upwards JOIN story s ON s.story_id = upwards.merged_into
), root AS (
    SELECT from_id, story_id, origin_article_id, event_id FROM upwards WHERE merged_into IS NULL
), events_upwards AS (
    SELECT event_id AS from_id, event_id, merged_into
    FROM event WHERE event_id IN (SELECT event_id FROM root)
    UNION
    SELECT events_upwards.from_id, e.event_id, e.merged_into
    FROM events_upwards JOIN event e ON e.event_id = events_upwards.merged_into
), counted AS (
    SELECT DISTINCT story_id AS root_id, story_id FROM root
    WHERE origin_article_id IN (SELECT article_id FROM wanted)
    UNION
    SELECT counted.root_id, s.story_id
    FROM counted JOIN story s ON s.merged_into = counted.story_id
), sizes AS (
    SELECT counted.root_id, count(*) AS articles
    FROM counted
    JOIN article a ON a.story_id = counted.story_id
    WHERE NOT a.tombstoned AND a.merged_into IS NULL
      AND EXISTS (SELECT FROM article_change c WHERE c.article_id = a.article_id)
    GROUP BY counted.root_id
)
SELECT
    a.article_id, a.version_no, a.url, a.index_month,
    a.tombstoned OR a.merged_into IS NOT NULL AS hidden,
    latest.change_no,
    v.title, v.body, v.authors, v.agency, v.language, v.rules,
    a.flags || v.flags AS flags,
    a.outlet_id, o.name AS outlet_name, o.country AS outlet_country, o.tier AS outlet_tier,
    a.published_at, a.published_precision, a.modified_at, a.event_date,
    a.first_seen_at, a.dated_at, a.dated_origin,
    coalesce(root.story_id, a.story_id) AS story_id,
    coalesce(events.event_id, root.event_id, root.story_id, a.story_id) AS event_id,
    coalesce(root.origin_article_id = a.article_id, true) AS is_first,
    a.relation,
    greatest(coalesce(sizes.articles, 1) - 1, 0) AS copies,
    ARRAY(SELECT s.source_id FROM article_source s WHERE s.article_id = a.article_id ORDER BY 1)
        AS source_ids
FROM wanted a
CROSS JOIN LATERAL (
    SELECT max(c.change_no) AS change_no FROM article_change c WHERE c.article_id = a.article_id
) latest
LEFT JOIN article_version v
    ON v.article_id = a.article_id AND v.version_no = a.version_no AND v.month = a.index_month
LEFT JOIN outlet o ON o.outlet_id = a.outlet_id
LEFT JOIN root ON root.from_id = a.story_id
LEFT JOIN sizes ON sizes.root_id = root.story_id
LEFT JOIN events_upwards events ON events.from_id = root.event_id AND events.merged_into IS NULL
WHERE latest.change_no IS NOT NULL
ORDER BY a.article_id
