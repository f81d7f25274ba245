SELECT outlet_id, zone, locale
FROM outlet
WHERE outlet_id = ANY(%(outlet_ids)s)
