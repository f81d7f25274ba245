SELECT outlet_id, name, country, zone, locale, tier, licence FROM outlet ORDER BY outlet_id;
