DELETE FROM story_band WHERE article_no = ANY(%(numbers)s);
