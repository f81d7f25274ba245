-- Parts that are to be read, of sources that are followed, for as long as the lease lasts this
-- worker's own.
UPDATE sitemap_part
SET claimed_until = %(until)s
WHERE (source_id, url) IN (
    SELECT p.source_id, p.url
    FROM sitemap_part p
    JOIN source s USING (source_id)
    WHERE p.next_fetch_at <= %(now)s AND NOT s.paused AND NOT s.removed
      AND (p.claimed_until IS NULL OR p.claimed_until <= %(now)s)
    ORDER BY p.next_fetch_at, p.source_id, p.url
    LIMIT %(limit)s
    FOR UPDATE OF p SKIP LOCKED)
RETURNING source_id, url, depth, changed, is_past, etag, last_modified, body_sha256, failures,
          (SELECT fetch_policy FROM source s WHERE s.source_id = sitemap_part.source_id) AS policy;
