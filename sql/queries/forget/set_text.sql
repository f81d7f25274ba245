UPDATE article_version SET title = %(title)s, body = %(body)s, authors = %(authors)s, agency = %(agency)s
WHERE article_id = %(article_id)s AND version_no = %(version_no)s AND month = %(month)s;
