DELETE FROM raw_body
WHERE sha256 = ANY(%(hashes)s) AND sha256 NOT IN (SELECT sha256 FROM held_body);
