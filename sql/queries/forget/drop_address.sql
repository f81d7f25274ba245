UPDATE article SET url = NULL, url_key = NULL WHERE article_id = %(article_id)s;
