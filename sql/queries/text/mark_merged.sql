UPDATE article
SET merged_into = %(survivor)s, stage = 'done', pending_cause = NULL
WHERE article_id = %(merged)s
