SELECT match_id, reason FROM match
WHERE match_id > %(after)s AND folded(reason::text) LIKE ANY(%(patterns)s)
ORDER BY match_id
LIMIT %(limit)s;
