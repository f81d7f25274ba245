-- One that has a story goes by the clustering once more: its story is the survivor's.
UPDATE article
SET merged_into = %(survivor)s, stage = CASE WHEN story_id IS NULL THEN 'done' ELSE 'cluster' END,
    pending_cause = NULL
WHERE article_id = %(merged)s
