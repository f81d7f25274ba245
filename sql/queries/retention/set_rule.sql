INSERT INTO retention (what, licence, days) VALUES (%(what)s, %(licence)s, %(days)s)
ON CONFLICT (what, licence) DO UPDATE SET days = EXCLUDED.days;
