-- What these watches already found of the events, also under the names of merged ones.
WITH RECURSIVE family AS (
    SELECT event_id AS root, event_id FROM event WHERE event_id = ANY(%(unit_ids)s)
    UNION ALL
    SELECT f.root, e.event_id FROM family f JOIN event e ON e.merged_into = f.event_id
)
SELECT m.watch_id, f.root AS unit_id, m.cause_key, m.state, m.article_id,
       m.reason -> 'clauses' AS clauses
FROM family f JOIN match m ON m.unit = 'event' AND m.unit_id = f.event_id
WHERE m.watch_id = ANY(%(watch_ids)s);
