-- What one mail told: watch, headline as stored, story.
SELECT m.watch_id, w.name AS watch_name, m.unit, m.unit_id, m.cause_key, m.article_id, dm.state,
       v.title
FROM delivery d
JOIN delivery_match dm USING (recipient_id, kind, slot)
JOIN match m USING (match_id)
JOIN watch w USING (watch_id)
JOIN article a ON a.article_id = m.article_id
LEFT JOIN article_version v ON v.article_id = a.article_id AND v.version_no = m.version_no
    AND v.month = a.index_month AND NOT a.tombstoned
WHERE d.delivery_id = %(delivery_id)s
ORDER BY m.match_id
LIMIT 500;
