SELECT v.article_id, v.version_no, v.kind, v.seen_at
FROM article_version v JOIN article a
  ON a.article_id = v.article_id AND a.index_month = v.month
WHERE v.article_id = ANY(%(article_ids)s);
