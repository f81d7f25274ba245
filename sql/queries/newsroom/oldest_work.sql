-- Since when the oldest row waits for each step of open_work.
SELECT
    (SELECT min(first_seen_at) FROM raw_entry
     WHERE state = 'wanted' AND (page_next_at IS NULL OR page_next_at <= %(now)s)) AS pages,
    (SELECT min(first_seen_at) FROM raw_entry WHERE state = 'pending') AS entries,
    (SELECT min(first_seen_at) FROM article WHERE stage <> 'done') AS articles,
    (SELECT min(changed_at) FROM article_change
     WHERE indexed_at IS NULL AND index_error IS NULL) AS changes,
    (SELECT min(changed_at) FROM article_change
     WHERE matched_at IS NULL AND indexed_at IS NOT NULL) AS matches,
    (SELECT min(queued_at) FROM delivery
     WHERE state IN ('queued', 'sending') AND kind = 'instant'
       AND next_attempt_at <= %(now)s) AS mails,
    (SELECT min(queued_at) FROM delivery
     WHERE state IN ('queued', 'sending') AND kind = 'digest'
       AND next_attempt_at <= %(now)s) AS digests;
