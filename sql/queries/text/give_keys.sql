-- An address that is used again leads to the article that has it now.
UPDATE article_key SET article_id = %(article_id)s, seen_at = %(now)s WHERE key = ANY(%(keys)s);
