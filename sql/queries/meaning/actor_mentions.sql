-- Every name under which the actor stands in current versions, and in how many articles.
SELECT m.name, m.kind, count(*) AS mentions, count(DISTINCT m.article_id) AS articles
FROM mention m
JOIN article a ON a.article_id = m.article_id AND a.version_no = m.version_no
WHERE (m.actor_id = %(actor_id)s OR m.meant_id = %(actor_id)s) AND NOT a.tombstoned
GROUP BY m.name, m.kind
ORDER BY mentions DESC, m.name;
