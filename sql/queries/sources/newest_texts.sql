-- The last articles of a source: how long their text is, and whether they are dated.
SELECT length(v.body) AS characters, a.published_precision <> 'none' AS is_dated
FROM article_source AS s
JOIN article AS a USING (article_id)
JOIN article_version AS v ON v.article_id = a.article_id AND v.version_no = 1
WHERE s.source_id = %(source_id)s
  AND (%(before)s::timestamptz IS NULL OR s.first_seen_at < %(before)s)
ORDER BY s.first_seen_at DESC, a.article_no DESC
LIMIT %(limit)s;
