-- One row for each source that was asked in this time, or should have been: its name and the best
-- that came of it, or the last fault when its last fetch failed. "waiting": due and not asked.
SELECT s.source_id, coalesce(nullif(s.title, ''), s.url) AS name,
       CASE WHEN last.outcome IS NULL THEN 'waiting'
            WHEN last.outcome NOT IN ('ok', 'unchanged') THEN 'failing'
            WHEN s.state IN ('quiet', 'degraded', 'empty') THEN 'quiet'
            WHEN asked.was_read THEN 'read' ELSE 'unchanged' END AS state,
       last.outcome, last.message
FROM source s
LEFT JOIN LATERAL (
    SELECT bool_or(f.outcome = 'ok') AS was_read FROM "fetch" f
    WHERE f.source_id = s.source_id AND f.started_at > %(since)s AND f.started_at <= %(now)s
) asked ON true
LEFT JOIN LATERAL (
    SELECT l.outcome, l.message FROM "fetch" l
    WHERE asked.was_read IS NOT NULL AND l.source_id = s.source_id AND l.started_at <= %(now)s
    ORDER BY l.started_at DESC, l.fetch_id DESC LIMIT 1
) last ON true
WHERE NOT s.removed
  AND (asked.was_read IS NOT NULL
       OR (NOT s.paused AND s.kind <> 'archive' AND s.next_fetch_at <= %(now)s))
ORDER BY 1;
