SELECT q.article_id, q.start_at, q.end_at, q.kind, q.speaker_id, q.reporter, q.speaker_text
FROM article a
JOIN quote q
    ON q.article_id = a.article_id AND q.version_no = a.version_no AND q.month = a.index_month
WHERE a.article_id = ANY(%(article_ids)s);
