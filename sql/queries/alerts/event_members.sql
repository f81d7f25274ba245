-- The articles of these surviving events, with those of the events merged into them.
WITH RECURSIVE family AS (
    SELECT event_id AS root, event_id FROM event WHERE event_id = ANY(%(unit_ids)s)
    UNION ALL
    SELECT f.root, e.event_id FROM family f JOIN event e ON e.merged_into = f.event_id
)
SELECT f.root AS unit_id, a.article_id, a.intake, a.published_at, a.published_precision,
       a.dated_at, a.first_seen_at
FROM family f JOIN story s ON s.event_id = f.event_id JOIN article a ON a.story_id = s.story_id
WHERE NOT a.tombstoned AND a.merged_into IS NULL;
