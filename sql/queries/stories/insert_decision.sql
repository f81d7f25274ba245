INSERT INTO story_decision (kind, story_id, other_id, article_ids, decided_at, decided_by)
VALUES (%(kind)s, %(story_id)s, %(other_id)s, %(article_ids)s, %(now)s, %(by)s)
RETURNING decision_id;
