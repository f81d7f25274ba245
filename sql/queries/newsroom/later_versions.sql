-- The versions of version_counts themselves, newest first, named as waiting names its rows.
SELECT v.seen_at AS since, coalesce(v.title, a.url) AS name, v.kind AS detail,
       NULL::text AS source_id, a.article_id, NULL::bigint AS delivery_id
FROM article_version v JOIN article a ON a.article_id = v.article_id AND a.index_month = v.month
WHERE v.version_no > 1 AND v.seen_at > %(since)s AND v.seen_at <= %(now)s AND NOT a.tombstoned
ORDER BY v.seen_at DESC, a.article_id
LIMIT %(limit)s;
