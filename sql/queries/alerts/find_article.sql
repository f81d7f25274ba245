SELECT a.article_id, a.url, a.tombstoned, a.merged_into, a.stage, a.story_id, a.relation,
       a.of_article_id, a.language, a.intake, a.dated_at, a.first_seen_at,
       (SELECT max(matched_at) FROM article_change c WHERE c.article_id = a.article_id)
           AS matched_at,
       (SELECT max(indexed_at) FROM article_change c WHERE c.article_id = a.article_id)
           AS indexed_at
FROM article a
WHERE a.article_id = %(what)s OR a.url = %(what)s
   OR a.article_id IN (SELECT article_id FROM article_key WHERE key = ANY(%(keys)s))
LIMIT 1;
