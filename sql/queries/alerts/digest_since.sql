-- When this reader's digest before this one was written; for the first one, a day before the
-- reader's first wish.
SELECT coalesce(
    (SELECT max(queued_at) FROM delivery
     WHERE recipient_id = %(recipient_id)s AND kind = 'digest' AND slot <> %(slot)s
       AND queued_at < %(now)s),
    (SELECT min(created_at) - interval '1 day' FROM subscription
     WHERE recipient_id = %(recipient_id)s),
    %(now)s
) AS since;
