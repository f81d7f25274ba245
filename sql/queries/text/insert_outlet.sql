INSERT INTO outlet (outlet_id, name)
VALUES (%(outlet_id)s, %(outlet_id)s)
ON CONFLICT DO NOTHING
