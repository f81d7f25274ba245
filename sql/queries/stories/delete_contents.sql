DELETE FROM story_content WHERE article_no = ANY(%(numbers)s);
