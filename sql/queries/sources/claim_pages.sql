-- Entries whose page is wanted, one turn each; as long as the lease lasts this worker's own.
UPDATE raw_entry
SET claimed_until = %(until)s
WHERE (entry_id, month) IN (
    SELECT entry_id, month FROM raw_entry
    WHERE state = 'wanted' AND (page_next_at IS NULL OR page_next_at <= %(now)s)
      AND (claimed_until IS NULL OR claimed_until <= %(now)s)
    ORDER BY first_seen_at, entry_id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED)
RETURNING entry_id, month, payload ->> 'url' AS url, page_attempts;
