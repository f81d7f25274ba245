-- What is to be hidden is not brought back by a milder wish for the same name.
INSERT INTO tombstone AS t (keyed_hash, kind, words, redact, buried_at) VALUES %s
ON CONFLICT (keyed_hash) DO UPDATE SET redact = t.redact AND EXCLUDED.redact;
