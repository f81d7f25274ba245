-- Due feeds, sitemaps and section pages, the longest due first, but few of one host, as long as
-- the lease lasts this worker's own. Hosts that are busy already are left out.
WITH due AS (
    SELECT source_id, host, next_fetch_at FROM source
    WHERE kind IN ('feed', 'sitemap', 'page') AND NOT paused AND NOT removed AND state <> 'gone'
      AND moved_into IS NULL
      AND next_fetch_at <= %(now)s AND (claimed_until IS NULL OR claimed_until <= %(now)s)
      AND (host IS NULL OR host <> ALL (%(busy)s))
    ORDER BY next_fetch_at, source_id
    LIMIT %(limit)s * 10
), spread AS (
    SELECT source_id, next_fetch_at,
           row_number() OVER (PARTITION BY host ORDER BY next_fetch_at, source_id) AS place
    FROM due
), chosen AS (
    SELECT source_id FROM source
    WHERE source_id IN (SELECT source_id FROM spread WHERE place <= %(per_host)s
                        ORDER BY next_fetch_at, source_id LIMIT %(limit)s)
      AND (claimed_until IS NULL OR claimed_until <= %(now)s)
    FOR UPDATE SKIP LOCKED
)
UPDATE source
SET claimed_until = %(until)s
FROM chosen
WHERE source.source_id = chosen.source_id
RETURNING source.source_id, kind, url, title, tags, outlet_id, fetch_policy AS fetch, state, etag,
          last_modified, body_sha256, failures, host, rhythm, state_reason, state_since,
          least_seconds, moved_to, moved_seen;
