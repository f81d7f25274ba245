SELECT content, content_type
FROM raw_body
WHERE sha256 = %(sha256)s
ORDER BY month DESC
LIMIT 1
