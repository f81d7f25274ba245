SELECT h.hold_id, h.reason, h.source_id, h.placed_by, h.placed_at, h.lifted_at,
       (SELECT count(*) FROM legal_hold_article a WHERE a.hold_id = h.hold_id) AS articles
FROM legal_hold h
ORDER BY h.hold_id;
