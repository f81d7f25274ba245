-- What people decided of some stories, what was undone too.
SELECT decision_id, kind, story_id, other_id, article_ids, decided_at, decided_by, undone_at
FROM story_decision
WHERE story_id = ANY(%(story_ids)s) OR other_id = ANY(%(story_ids)s)
ORDER BY decision_id;
