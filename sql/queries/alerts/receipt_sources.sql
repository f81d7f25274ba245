-- One row for each source that was asked in this time: its name and the best that came of it,
-- or the last fault when its last fetch failed.
SELECT coalesce(nullif(s.title, ''), s.url) AS name,
       CASE WHEN last.outcome NOT IN ('ok', 'unchanged') THEN 'failing'
            WHEN bool_or(f.outcome = 'ok') THEN 'read' ELSE 'unchanged' END AS state,
       last.outcome, last.message
FROM "fetch" f
JOIN source s USING (source_id)
CROSS JOIN LATERAL (
    SELECT outcome, message FROM "fetch" l
    WHERE l.source_id = s.source_id AND l.started_at <= %(now)s
    ORDER BY l.started_at DESC, l.fetch_id DESC LIMIT 1
) last
WHERE f.started_at > %(since)s AND f.started_at <= %(now)s AND NOT s.removed
GROUP BY s.source_id, s.title, s.url, last.outcome, last.message
ORDER BY 1;
