-- A part that is new, or whose date changed, is to be read; a part without a date is asked again
-- whenever it is listed, at most once in the given time.
INSERT INTO sitemap_part AS p (source_id, url, depth, changed, is_past, next_fetch_at)
VALUES %s
ON CONFLICT (source_id, url) DO UPDATE
SET changed = EXCLUDED.changed,
    next_fetch_at = CASE
        WHEN p.changed IS DISTINCT FROM EXCLUDED.changed THEN EXCLUDED.next_fetch_at
        WHEN p.changed IS NULL AND p.read_at < EXCLUDED.next_fetch_at - interval '1 hour'
            THEN EXCLUDED.next_fetch_at
        ELSE p.next_fetch_at END
WHERE EXCLUDED.next_fetch_at IS NOT NULL;
