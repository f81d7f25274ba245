-- The versions of these articles that no watch has seen and that can be news of their own, each
-- with the text before it.
SELECT v.article_id, v.version_no, v.kind, v.seen_at, v.title, v.body,
       coalesce(before.title, '') AS old_title, coalesce(before.body, '') AS old_body
FROM article a
JOIN article_version v ON v.article_id = a.article_id AND v.month = a.index_month
LEFT JOIN LATERAL (
    SELECT p.title, p.body FROM article_version p
    WHERE p.article_id = v.article_id AND p.month = v.month AND p.version_no < v.version_no
    ORDER BY p.version_no DESC LIMIT 1
) before ON true
WHERE a.article_id = ANY(%(article_ids)s)
  AND v.kind IN ('update', 'headline', 'correction', 'vanished')
  AND v.version_no > coalesce((
      SELECT max(c.version_no) FROM article_change c
      WHERE c.article_id = a.article_id AND c.matched_at IS NOT NULL
  ), 0);
