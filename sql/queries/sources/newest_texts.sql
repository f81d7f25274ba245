-- The last articles of some sources: how long their text is, and whether they are dated.
SELECT asked.source_id, asked.before, newest.characters, newest.is_dated
FROM unnest(%(source_ids)s::text[], %(befores)s::timestamptz[]) AS asked (source_id, before)
CROSS JOIN LATERAL (
    SELECT length(v.body) AS characters, a.published_precision <> 'none' AS is_dated,
           row_number() OVER (ORDER BY s.first_seen_at DESC, a.article_no DESC) AS place
    FROM article_source AS s
    JOIN article AS a USING (article_id)
    JOIN article_version AS v ON v.article_id = a.article_id AND v.version_no = 1
    WHERE s.source_id = asked.source_id
      AND (asked.before IS NULL OR s.first_seen_at < asked.before)
    ORDER BY place
    LIMIT %(limit)s
) AS newest
ORDER BY asked.source_id, newest.place;
