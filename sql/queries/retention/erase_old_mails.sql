-- The ledger stays for ever: what was sent is never sent again.
UPDATE delivery SET message = NULL
WHERE delivery_id IN (
    SELECT delivery_id FROM delivery
    WHERE message IS NOT NULL AND state NOT IN ('queued', 'sending') AND queued_at < %(before)s
    LIMIT %(limit)s);
