SELECT count(*) AS sent FROM delivery
WHERE recipient_id = %(recipient_id)s AND kind = 'instant'
  AND state IN ('sent', 'uncertain') AND sent_at > %(since)s;
