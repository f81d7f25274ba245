-- Versions after the first that were seen in a span of time.
SELECT count(*) AS versions
FROM article_version v JOIN article a ON a.article_id = v.article_id AND a.index_month = v.month
WHERE v.version_no > 1 AND v.seen_at > %(since)s AND v.seen_at <= %(now)s AND NOT a.tombstoned;
