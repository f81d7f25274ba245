INSERT INTO story_capped (article_id, capped_at) VALUES %s;
