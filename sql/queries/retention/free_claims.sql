-- Leases that ran out: their holders ended without giving them back.
WITH sources AS (
    UPDATE source SET claimed_until = NULL WHERE claimed_until <= %(now)s RETURNING 1
), entries AS (
    UPDATE raw_entry SET claimed_until = NULL
    WHERE claimed_until <= %(now)s AND state IN ('wanted', 'pending') RETURNING 1
), parts AS (
    UPDATE sitemap_part SET claimed_until = NULL WHERE claimed_until <= %(now)s RETURNING 1
)
SELECT (SELECT count(*) FROM sources) + (SELECT count(*) FROM entries)
     + (SELECT count(*) FROM parts) AS freed;
