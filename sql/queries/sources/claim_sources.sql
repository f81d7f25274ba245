-- Due feeds, sitemaps and section pages, the longest due first, as long as the lease lasts this worker's own.
UPDATE source
SET claimed_until = %(until)s
WHERE source_id IN (
    SELECT source_id FROM source
    WHERE kind IN ('feed', 'sitemap', 'page') AND NOT paused AND NOT removed AND state <> 'gone'
      AND next_fetch_at <= %(now)s AND (claimed_until IS NULL OR claimed_until <= %(now)s)
    ORDER BY next_fetch_at, source_id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED)
RETURNING source_id, kind, url, title, tags, outlet_id, fetch_policy AS fetch, state, etag,
          last_modified, body_sha256, failures;
