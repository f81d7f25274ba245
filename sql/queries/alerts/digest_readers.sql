-- Every reader who may get a digest: with a schedule, or with held-back instants to be told.
-- "runs": the watch looks, so that finding nothing says something.
SELECT r.recipient_id, r.address, r.language, r.zone, s.watch_id, s.mode, s.max_per_hour,
       s.quiet, s.digest_times, s.digest_days, s.empty_digest, s.created_at,
       (w.active AND (w.expires IS NULL OR w.expires > %(now)s)
        AND (w.paused_until IS NULL OR w.paused_until <= %(now)s)) AS runs
FROM subscription s
JOIN recipient r USING (recipient_id)
JOIN watch w USING (watch_id)
WHERE s.unsubscribed_at IS NULL AND NOT w.removed AND NOT s.paused @> %(now)s
ORDER BY r.recipient_id, s.watch_id;
