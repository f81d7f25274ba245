-- What every watch found of a story (of itself and those merged into it, and its event), with
-- the mails that told it.
SELECT m.watch_id, w.name AS watch_name, m.cause_key, m.state, m.suppressed_why, m.matched_at,
       d.delivery_id, d.state AS mail, d.sent_at, r.address, dm.state AS told
FROM match m
JOIN watch w USING (watch_id)
LEFT JOIN delivery_match dm USING (match_id)
LEFT JOIN delivery d ON d.recipient_id = dm.recipient_id AND d.kind = dm.kind AND d.slot = dm.slot
LEFT JOIN recipient r ON r.recipient_id = dm.recipient_id
WHERE m.unit IN ('story', 'event') AND m.unit_id = ANY(%(unit_ids)s)
ORDER BY w.name, m.match_id, r.address;
