-- For each watch: what it found and mailed since a time, and when it found something last.
SELECT m.watch_id, count(*) FILTER (WHERE m.state = 'live' AND m.matched_at > %(since)s) AS found,
       max(m.matched_at) AS last_found
FROM match m GROUP BY m.watch_id;
