INSERT INTO event_term (term, day, event_no)
SELECT * FROM unnest(%(terms)s::bigint[], %(days)s::date[], %(event_nos)s::integer[])
ON CONFLICT DO NOTHING;
