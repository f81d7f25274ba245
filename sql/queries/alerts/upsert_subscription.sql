-- created_at is since when the reader wishes it in this form.
INSERT INTO subscription (watch_id, recipient_id, mode, max_per_hour, quiet, digest_times,
                          digest_days, empty_digest, created_at)
VALUES (%(watch_id)s, %(recipient_id)s, %(mode)s, %(max_per_hour)s, %(quiet)s, %(digest_times)s,
        %(digest_days)s, %(empty_digest)s, %(now)s)
ON CONFLICT (watch_id, recipient_id) DO UPDATE
SET mode = EXCLUDED.mode, max_per_hour = EXCLUDED.max_per_hour, quiet = EXCLUDED.quiet,
    digest_times = EXCLUDED.digest_times, digest_days = EXCLUDED.digest_days,
    empty_digest = EXCLUDED.empty_digest, created_at = EXCLUDED.created_at
WHERE (subscription.mode, subscription.max_per_hour, subscription.quiet,
       subscription.digest_times, subscription.digest_days, subscription.empty_digest)
      IS DISTINCT FROM
      (EXCLUDED.mode, EXCLUDED.max_per_hour, EXCLUDED.quiet,
       EXCLUDED.digest_times, EXCLUDED.digest_days, EXCLUDED.empty_digest);
