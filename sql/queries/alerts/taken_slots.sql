-- Which of these instant mails stand in the ledger already.
SELECT d.recipient_id, d.slot
FROM unnest(%(recipient_ids)s::bigint[], %(slots)s::text[]) AS asked(recipient_id, slot)
JOIN delivery d ON d.recipient_id = asked.recipient_id AND d.kind = 'instant'
               AND d.slot = asked.slot;
