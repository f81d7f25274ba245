-- The live matches of a reader that are in no digest yet, but for what was found in a pause: all of the watches whose digest is
-- due, and of every watch those whose instant mail was held back.
SELECT m.match_id, m.watch_id, held.answer IS NOT NULL AS held
FROM match m
JOIN subscription s ON s.watch_id = m.watch_id AND s.recipient_id = %(recipient_id)s
LEFT JOIN LATERAL (
    SELECT coalesce(d.smtp_answer, '') AS answer
    FROM delivery_match o JOIN delivery d USING (recipient_id, kind, slot)
    WHERE o.match_id = m.match_id AND o.recipient_id = s.recipient_id AND o.kind = 'instant'
      AND d.state IN ('suppressed', 'expired')
    LIMIT 1
) held ON true
WHERE m.state = 'live' AND m.live_at >= s.created_at AND s.unsubscribed_at IS NULL
  AND NOT s.paused @> m.live_at AND NOT s.paused @> %(now)s
  AND (m.watch_id = ANY(%(watch_ids)s) OR held.answer IS NOT NULL)
  AND NOT EXISTS (
      SELECT FROM delivery_match t
      WHERE t.match_id = m.match_id AND t.recipient_id = s.recipient_id AND t.kind = 'digest')
  AND NOT EXISTS (
      SELECT FROM mute
      WHERE mute.watch_id = m.watch_id AND mute.recipient_id = s.recipient_id
        AND mute.story_id IN (SELECT unit_family(m.unit_id)))
ORDER BY m.match_id;
