INSERT INTO outlet (outlet_id, name, country, zone, locale, tier, licence)
VALUES %s
ON CONFLICT (outlet_id) DO UPDATE
SET name = EXCLUDED.name, country = EXCLUDED.country, zone = EXCLUDED.zone,
    locale = EXCLUDED.locale, tier = EXCLUDED.tier, licence = EXCLUDED.licence
RETURNING outlet_id;
