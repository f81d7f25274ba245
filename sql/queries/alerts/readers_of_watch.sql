-- Who hears of a watch and what stands between: for the explanation of a match without a mail.
SELECT r.address, s.mode, s.digest_times, s.unsubscribed_at IS NOT NULL AS unsubscribed,
       s.paused @> %(found_at)s AS was_paused, s.created_at > %(found_at)s AS came_later,
       EXISTS (
           SELECT FROM mute WHERE mute.watch_id = s.watch_id
             AND mute.recipient_id = s.recipient_id
             AND mute.story_id IN (SELECT unit_family(%(unit_id)s))
       ) AS muted
FROM subscription s JOIN recipient r USING (recipient_id)
WHERE s.watch_id = %(watch_id)s
ORDER BY r.address;
