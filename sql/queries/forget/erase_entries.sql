-- What came in, and the bodies in which it came. hide: it is rejected from now on.
WITH wanted AS (
    SELECT entry_id, month, source_id, item_key FROM raw_entry
    WHERE entry_id = ANY(%(entry_ids)s) AND payload <> '{}'
      AND (%(hide)s OR state NOT IN ('wanted', 'pending'))
    ORDER BY entry_id, month
    FOR UPDATE
), entries AS (
    UPDATE raw_entry e
    SET payload = '{}', item_key = 'forgotten:' || e.entry_id, page_url = NULL, message = %(message)s,
        state = CASE WHEN %(hide)s THEN 'rejected' ELSE state END,
        code = CASE WHEN %(hide)s THEN 'forgotten' ELSE code END,
        done_at = coalesce(done_at, %(now)s)
    FROM wanted w WHERE e.entry_id = w.entry_id AND e.month = w.month
    RETURNING e.body_sha256, e.page_sha256
), item_keys AS (
    UPDATE article_source s SET item_key = '' FROM wanted w
    WHERE s.source_id = w.source_id AND s.item_key = w.item_key
), bodies AS (
    DELETE FROM raw_body b
    WHERE b.sha256 IN (SELECT body_sha256 FROM entries UNION SELECT page_sha256 FROM entries)
      AND b.sha256 NOT IN (SELECT sha256 FROM held_body)
    RETURNING 1
)
SELECT (SELECT count(*) FROM entries) AS entries, (SELECT count(*) FROM bodies) AS raw_bodies;
