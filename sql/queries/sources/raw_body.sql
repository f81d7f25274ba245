SELECT content, content_type, url FROM raw_body WHERE sha256 = %(sha256)s LIMIT 1;
