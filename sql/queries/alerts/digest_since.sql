-- When this reader's digest before this one was written.
SELECT max(queued_at) AS since FROM delivery
WHERE recipient_id = %(recipient_id)s AND kind = 'digest' AND slot <> %(slot)s
  AND queued_at < %(now)s;
