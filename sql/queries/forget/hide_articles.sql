-- They go through the stories once more, so that another article takes their place there.
UPDATE article
SET tombstoned = true, stage = 'cluster', pending_cause = 'reprocess'
WHERE article_id = ANY(%(article_ids)s) AND NOT tombstoned;
