SELECT m.article_id, m.part, m.start_at, m.end_at, m.actor_id, m.meant_id, m.kind, m.via, m.name
FROM article a
JOIN mention m
    ON m.article_id = a.article_id AND m.version_no = a.version_no AND m.month = a.index_month
WHERE a.article_id = ANY(%(article_ids)s);
