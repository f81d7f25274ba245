-- One row for each of the last days in UTC: articles, copies, rejected entries, sources that
-- failed, mails sent.
WITH day AS (
    SELECT d AS first, d + interval '1 day' AS following
    FROM generate_series(date_trunc('day', %(now)s::timestamptz) - make_interval(days => %(days)s - 1),
                         %(now)s::timestamptz, interval '1 day') d
)
SELECT day.first::date AS day, came.articles, came.copies,
       (SELECT count(*) FROM raw_entry r WHERE r.state = 'rejected'
          AND r.first_seen_at >= day.first AND r.first_seen_at < day.following) AS rejected,
       (SELECT count(DISTINCT f.source_id) FROM "fetch" f
        WHERE f.started_at >= day.first AND f.started_at < day.following
          AND f.outcome NOT IN ('ok', 'unchanged')) AS failing,
       (SELECT count(*) FROM delivery d WHERE d.state = 'sent'
          AND d.queued_at >= day.first AND d.queued_at < day.following) AS mails
FROM day
CROSS JOIN LATERAL (
    SELECT count(*) AS articles,
           count(*) FILTER (WHERE relation IN ('exact', 'near', 'excerpt')) AS copies
    FROM article a
    WHERE a.first_seen_at >= day.first AND a.first_seen_at < day.following
      AND a.merged_into IS NULL AND NOT a.tombstoned
) came
ORDER BY day.first;
