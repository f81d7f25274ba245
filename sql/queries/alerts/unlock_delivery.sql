SELECT pg_advisory_unlock(7150323, (%(delivery_id)s %% 2147483647)::int);
