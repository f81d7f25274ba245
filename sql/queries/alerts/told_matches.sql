-- What one mail tells, with the wishes of its reader for each watch. "mailed": an instant mail
-- of the match went to this reader. "held": one was due and held
-- back. "seen_at": when we first saw what matched.
SELECT dm.state AS told, m.match_id, m.watch_id, m.unit, m.unit_id, m.cause_key, m.article_id,
       m.version_no, m.reason, coalesce(m.live_at, m.matched_at) AS found_at,
       coalesce((
           SELECT v.seen_at FROM article a JOIN article_version v USING (article_id)
           WHERE a.article_id = m.article_id AND v.version_no = m.version_no
             AND v.month = a.index_month
       ), m.live_at, m.matched_at) AS seen_at,
       w.name AS watch_name, w.query AS watch_query, w.languages AS watch_languages, s.max_per_hour, s.quiet,
       (s.watch_id IS NOT NULL AND s.unsubscribed_at IS NULL AND NOT w.removed
        AND NOT s.paused @> %(now)s
        AND NOT EXISTS (
            SELECT FROM mute WHERE mute.watch_id = m.watch_id
              AND mute.recipient_id = dm.recipient_id
              AND mute.story_id IN (SELECT unit_family(m.unit_id))
        )) AS wanted,
       EXISTS (
           SELECT FROM delivery_match o JOIN delivery d USING (recipient_id, kind, slot)
           WHERE o.match_id = m.match_id AND o.recipient_id = dm.recipient_id
             AND o.kind = 'instant' AND d.state IN ('sent', 'uncertain')
       ) AS mailed,
       EXISTS (
           SELECT FROM delivery_match o JOIN delivery d USING (recipient_id, kind, slot)
           WHERE o.match_id = m.match_id AND o.recipient_id = dm.recipient_id
             AND o.kind = 'instant' AND d.state IN ('suppressed', 'expired')
       ) AS held
FROM delivery_match dm
JOIN match m USING (match_id)
JOIN watch w USING (watch_id)
LEFT JOIN subscription s ON s.watch_id = m.watch_id AND s.recipient_id = dm.recipient_id
WHERE dm.recipient_id = %(recipient_id)s AND dm.kind = %(kind)s AND dm.slot = %(slot)s
ORDER BY m.match_id;
