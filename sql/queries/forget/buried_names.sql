SELECT keyed_hash, kind, words, redact FROM tombstone WHERE kind IN ('name', 'actor', 'key');
