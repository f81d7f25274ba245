SELECT t.article_id, t.topic_id, t.is_primary, t.label
FROM article a
JOIN article_topic t ON t.article_id = a.article_id AND t.version_no = a.version_no
WHERE a.article_id = ANY(%(article_ids)s) AND t.topic_id LIKE 'medtop:%%';
