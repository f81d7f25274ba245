-- What one mail tells, with the wishes of its reader for each watch.
SELECT dm.state AS told, m.match_id, m.watch_id, m.unit, m.unit_id, m.cause_key, m.article_id,
       m.version_no, m.reason, m.matched_at, w.name AS watch_name, w.unit AS watch_unit,
       s.mode, s.max_per_hour, s.quiet,
       (s.watch_id IS NOT NULL AND s.unsubscribed_at IS NULL AND w.active AND NOT w.removed)
           AS wanted
FROM delivery_match dm
JOIN match m USING (match_id)
JOIN watch w USING (watch_id)
LEFT JOIN subscription s ON s.watch_id = m.watch_id AND s.recipient_id = dm.recipient_id
WHERE dm.recipient_id = %(recipient_id)s AND dm.kind = %(kind)s AND dm.slot = %(slot)s
ORDER BY m.match_id;
