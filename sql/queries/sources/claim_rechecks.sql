-- Young entries of articles whose page was read and is due to be looked at again: the last of
-- each item only.
WITH due AS (
    UPDATE raw_entry
    SET claimed_until = %(until)s
    WHERE (entry_id, month) IN (
        SELECT r.entry_id, r.month FROM raw_entry r
        WHERE r.state IN ('article', 'version', 'known') AND r.page_sha256 IS NOT NULL
          AND r.first_seen_at > %(since)s AND r.page_next_at <= %(now)s
          AND (r.claimed_until IS NULL OR r.claimed_until <= %(now)s)
          AND NOT EXISTS (SELECT 1 FROM raw_entry later
                          WHERE later.source_id = r.source_id AND later.item_key = r.item_key
                            AND later.first_seen_at > r.first_seen_at
                            -- An id that names several articles stops none of them.
                            AND (later.article_id = r.article_id OR later.article_id IS NULL))
        ORDER BY r.page_next_at, r.entry_id
        LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED)
    RETURNING entry_id, month, article_id, first_seen_at, source_id, item_key, payload,
              page_url, page_sha256)
SELECT due.entry_id, due.month, coalesce(a.merged_into, a.article_id) AS article_id,
       coalesce(a.first_seen_at, due.first_seen_at) AS first_seen_at, due.source_id,
       due.item_key, due.payload, due.page_url AS url, due.page_sha256
FROM due LEFT JOIN article a ON a.article_id = due.article_id
ORDER BY due.entry_id;
