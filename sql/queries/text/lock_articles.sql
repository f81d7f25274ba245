SELECT a.article_id, a.first_seen_at, a.index_month, a.version_no, a.intake, a.tombstoned,
       a.url_key, a.published_at, a.published_date, v.title, v.body, v.flags, v.text_hash,
       v.extractor, v.seen_at
FROM article a
LEFT JOIN article_version v
       ON v.article_id = a.article_id AND v.version_no = a.version_no AND v.month = a.index_month
WHERE a.article_id = ANY(%(article_ids)s)
ORDER BY a.first_seen_at, a.article_no
FOR UPDATE OF a
