-- What a watch found of the article's story, with the mails that told it.
SELECT m.match_id, m.unit, m.unit_id, m.cause_key, coalesce(m.live_at, m.matched_at) AS found_at,
       m.state, m.suppressed_why, m.article_id, m.reason,
       r.address, d.kind, d.state AS mail, d.smtp_answer, d.sent_at, dm.state AS told
FROM match m
LEFT JOIN delivery_match dm USING (match_id)
LEFT JOIN delivery d ON d.recipient_id = dm.recipient_id AND d.kind = dm.kind AND d.slot = dm.slot
LEFT JOIN recipient r ON r.recipient_id = dm.recipient_id
WHERE m.watch_id = %(watch_id)s
  AND (m.article_id = %(article_id)s OR m.unit_id = ANY(%(unit_ids)s))
ORDER BY m.match_id, d.delivery_id;
