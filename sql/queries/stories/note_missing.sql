INSERT INTO article_missing (article_id, first_missing_at) VALUES (%(article_id)s, %(now)s)
ON CONFLICT DO NOTHING;
