-- The step of this stage takes them again; what follows mails nothing.
UPDATE article
SET stage = %(stage)s, pending_cause = coalesce(pending_cause, 'reprocess')
WHERE article_id = ANY(%(article_ids)s);
