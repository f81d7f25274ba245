INSERT INTO article_source (article_id, source_id, item_key, first_seen_at)
VALUES (%(article_id)s, %(source_id)s, %(item_key)s, %(first_seen_at)s)
ON CONFLICT DO NOTHING
