-- Readers who no longer stand in the watch; those who unsubscribed stay known as such.
DELETE FROM subscription
WHERE watch_id = %(watch_id)s AND NOT recipient_id = ANY(%(kept)s);
