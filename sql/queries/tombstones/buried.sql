SELECT keyed_hash
FROM tombstone
WHERE keyed_hash = ANY(%(hashes)s);
