SELECT delivery_id, subject, message FROM delivery
WHERE delivery_id > %(after)s AND (message IS NOT NULL OR subject IS NOT NULL)
ORDER BY delivery_id
LIMIT %(limit)s;
