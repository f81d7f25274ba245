SELECT sha256, month, content, url FROM raw_body
WHERE (sha256, month) > (%(after)s, %(after_month)s)
ORDER BY sha256, month
LIMIT %(limit)s;
