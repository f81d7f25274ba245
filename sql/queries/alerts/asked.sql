-- What a mail's link is about: the subscription, the headline of the story or of the event's
-- founding story, and what was done by such a link before.
SELECT w.name AS watch_name, r.address, r.language, r.zone,
       s.unsubscribed_at IS NOT NULL AS unsubscribed,
       (SELECT upper(p) FROM unnest(s.paused) p WHERE p @> %(now)s) AS paused_until,
       EXISTS (
           SELECT FROM mute WHERE mute.watch_id = s.watch_id
             AND mute.recipient_id = s.recipient_id AND mute.story_id = %(unit_id)s
       ) AS muted,
       EXISTS (
           SELECT FROM feedback f WHERE f.watch_id = s.watch_id
             AND f.recipient_id = s.recipient_id AND f.unit_id = %(unit_id)s
       ) AS judged,
       (SELECT v.title
        FROM story t
        JOIN article a ON a.article_id = t.origin_article_id AND NOT a.tombstoned
        JOIN article_version v ON v.article_id = a.article_id
                              AND v.version_no = a.version_no AND v.month = a.index_month
        WHERE t.story_id = %(unit_id)s
           OR t.story_id = (SELECT founding FROM event WHERE event_id = %(unit_id)s)
        LIMIT 1) AS headline
FROM subscription s
JOIN recipient r USING (recipient_id)
JOIN watch w USING (watch_id)
WHERE s.watch_id = %(watch_id)s AND s.recipient_id = %(recipient_id)s AND NOT w.removed;
