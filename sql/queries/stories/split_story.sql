-- The story of the articles that leave; one that its first article founded before stands again.
INSERT INTO story (story_id, founding, origin_article_id, event_id, first_dated_at, last_dated_at,
                   created_at)
SELECT %(new_id)s, %(new_id)s, %(new_id)s, old.event_id, d.first_at, d.last_at, %(now)s
FROM story old, (SELECT min(dated_at) AS first_at, max(dated_at) AS last_at
                 FROM article WHERE article_id = ANY(%(article_ids)s)) d
WHERE old.story_id = %(story_id)s
ON CONFLICT (story_id) DO UPDATE SET merged_into = NULL, first_dated_at = EXCLUDED.first_dated_at,
    last_dated_at = EXCLUDED.last_dated_at, origin_article_id = EXCLUDED.origin_article_id;
