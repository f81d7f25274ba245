SELECT decision_id, kind, story_id, other_id, article_ids, undone_at
FROM story_decision WHERE decision_id = %(decision_id)s
FOR UPDATE;
