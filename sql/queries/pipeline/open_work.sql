-- What still waits for a step, at this moment. Deliveries wait only when their time has come.
SELECT
    (SELECT count(*) FROM raw_entry
     WHERE state = 'wanted' AND (page_next_at IS NULL OR page_next_at <= %(now)s)) AS pages,
    (SELECT count(*) FROM raw_entry WHERE state = 'pending') AS entries,
    (SELECT count(*) FROM article WHERE stage <> 'done') AS articles,
    (SELECT count(*) FROM article_change WHERE indexed_at IS NULL AND index_error IS NULL) AS changes,
    (SELECT count(*) FROM article_change
     WHERE matched_at IS NULL AND indexed_at IS NOT NULL) AS matches,
    (SELECT count(*) FROM delivery
     WHERE state IN ('queued', 'sending') AND kind = 'instant'
       AND next_attempt_at <= %(now)s) AS mails,
    (SELECT count(*) FROM delivery
     WHERE state IN ('queued', 'sending') AND kind = 'digest'
       AND next_attempt_at <= %(now)s) AS digests;
