INSERT INTO raw_body (sha256, month, content, url, content_type, headers, parser, opt_outs, fetched_at)
VALUES (%(sha256)s, %(month)s, %(content)s, %(url)s, %(content_type)s, %(headers)s, %(parser)s,
        %(opt_outs)s, %(fetched_at)s)
ON CONFLICT DO NOTHING;
