INSERT INTO outlet (outlet_id, name, country)
VALUES (%(outlet_id)s, %(name)s, %(country)s)
ON CONFLICT (outlet_id) DO UPDATE
SET name = EXCLUDED.name, country = coalesce(outlet.country, EXCLUDED.country)
WHERE outlet.name = outlet.outlet_id AND EXCLUDED.name <> outlet.outlet_id
