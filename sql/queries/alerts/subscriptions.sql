SELECT s.watch_id, r.address, r.language, r.zone, s.mode, s.max_per_hour, s.quiet,
       s.digest_times, s.digest_days, s.empty_digest, s.unsubscribed_at
FROM subscription s JOIN recipient r USING (recipient_id)
ORDER BY s.watch_id, r.address;
