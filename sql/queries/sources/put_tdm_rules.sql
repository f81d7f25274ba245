INSERT INTO tdm_reservation (site, rules, asked_at)
VALUES %s
ON CONFLICT (site) DO UPDATE SET rules = EXCLUDED.rules, asked_at = EXCLUDED.asked_at;
