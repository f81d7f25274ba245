UPDATE article_change SET matched_at = %(now)s WHERE change_no = ANY(%(change_nos)s);
