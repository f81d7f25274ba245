-- Held by this session until it is given back or the session ends, however it ends.
SELECT pg_try_advisory_lock(7150323, (%(delivery_id)s %% 2147483647)::int) AS locked;
