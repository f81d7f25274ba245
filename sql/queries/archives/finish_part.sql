UPDATE sitemap_part
SET outcome = %(outcome)s, message = %(message)s, failures = %(failures)s, etag = %(etag)s,
    last_modified = %(last_modified)s, body_sha256 = %(body_sha256)s,
    is_past = is_past AND NOT %(is_read)s, next_fetch_at = %(next_fetch_at)s, read_at = %(now)s,
    claimed_until = NULL
WHERE source_id = %(source_id)s AND url = %(url)s;
