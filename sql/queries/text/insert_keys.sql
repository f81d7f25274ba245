INSERT INTO article_key (key, article_id, seen_at)
VALUES %s
ON CONFLICT DO NOTHING
