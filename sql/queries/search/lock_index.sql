SELECT pg_advisory_lock(7150324)
