INSERT INTO story_band (hash, article_no, day) VALUES %s;
