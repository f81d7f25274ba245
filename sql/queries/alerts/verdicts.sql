-- The stories that readers called not relevant to a watch, with the clauses that found each.
SELECT DISTINCT ON (m.match_id) m.unit_id, m.reason -> 'clauses' AS clauses, f.given_at
FROM feedback f
JOIN match m ON m.watch_id = f.watch_id AND m.unit_id = f.unit_id
WHERE f.watch_id = %(watch_id)s AND f.verdict = 'not_relevant' AND m.state = 'live'
  AND m.cause_key = 'new'
ORDER BY m.match_id, f.given_at;
