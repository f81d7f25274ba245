-- The watches that this reader hears of.
SELECT s.watch_id, w.name FROM subscription s JOIN watch w USING (watch_id)
WHERE s.recipient_id = %(recipient_id)s AND s.unsubscribed_at IS NULL AND NOT w.removed
ORDER BY w.name, s.watch_id;
