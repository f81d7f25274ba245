-- The actors and topics of these articles, the foremost first: actors by how often and how early
-- they are named (a metonym counts for what it means), topics by score.
SELECT m.article_id, 'actor' AS kind, coalesce(meant.name, m.name) AS name,
       count(*)::real AS weight, min(m.start_at) AS place
FROM article a
JOIN mention m ON m.article_id = a.article_id AND m.version_no = a.version_no
              AND m.month = a.index_month
LEFT JOIN actor meant ON meant.actor_id = m.meant_id
WHERE a.article_id = ANY(%(article_ids)s)
GROUP BY m.article_id, coalesce(meant.name, m.name)
UNION ALL
SELECT t.article_id, 'topic', t.label, t.is_primary::int + t.score, 0
FROM article a
JOIN article_topic t ON t.article_id = a.article_id AND t.version_no = a.version_no
WHERE a.article_id = ANY(%(article_ids)s)
ORDER BY 1, 2, 4 DESC, 5, 3;
