INSERT INTO story_content (content, day, article_no) VALUES %s
ON CONFLICT DO NOTHING
RETURNING content, day, article_no;
