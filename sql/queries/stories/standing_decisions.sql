SELECT decision_id, kind, story_id, other_id, article_ids, decided_at, decided_by
FROM story_decision
WHERE kind = %(kind)s AND undone_at IS NULL
ORDER BY decision_id;
