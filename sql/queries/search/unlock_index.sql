SELECT pg_advisory_unlock(7150324)
