-- The mentions of the current versions, each with what the actor list says of its actor.
SELECT m.article_id, m.part, m.start_at, m.end_at, m.text, m.actor_id, m.meant_id, m.kind, m.name,
       m.via, m.country, meant.name AS meant_name,
       coalesce(meant.latitude, own.latitude) AS latitude,
       coalesce(meant.longitude, own.longitude) AS longitude
FROM article a
JOIN mention m
    ON m.article_id = a.article_id AND m.version_no = a.version_no AND m.month = a.index_month
LEFT JOIN actor own ON own.actor_id = m.actor_id
LEFT JOIN actor meant ON meant.actor_id = m.meant_id
WHERE a.article_id = ANY(%(article_ids)s)
ORDER BY m.article_id, m.part DESC, m.start_at, m.end_at
