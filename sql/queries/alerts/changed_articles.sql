-- What news is judged by, with the surviving story and event of each article.
WITH RECURSIVE story_up AS (
    SELECT s.story_id AS from_id, s.story_id, s.merged_into, s.event_id
    FROM story s
    WHERE s.story_id IN (SELECT story_id FROM article WHERE article_id = ANY(%(article_ids)s))
    UNION ALL
    SELECT up.from_id, s.story_id, s.merged_into, s.event_id
    FROM story_up up JOIN story s ON s.story_id = up.merged_into
),
event_up AS (
    SELECT e.event_id AS from_id, e.event_id, e.merged_into
    FROM event e WHERE e.event_id IN (SELECT event_id FROM story_up)
    UNION ALL
    SELECT up.from_id, e.event_id, e.merged_into
    FROM event_up up JOIN event e ON e.event_id = up.merged_into
)
SELECT a.article_id, a.intake, a.published_at, a.published_precision, a.dated_at,
       a.first_seen_at, a.relation,
       coalesce(s.story_id, a.article_id) AS story_id,
       coalesce(e.event_id, s.event_id, s.story_id, a.article_id) AS event_id
FROM article a
LEFT JOIN story_up s ON s.from_id = a.story_id AND s.merged_into IS NULL
LEFT JOIN event_up e ON e.from_id = s.event_id AND e.merged_into IS NULL
WHERE a.article_id = ANY(%(article_ids)s) AND NOT a.tombstoned AND a.merged_into IS NULL;
