SELECT site, rules FROM tdm_reservation WHERE site = ANY(%(sites)s) AND asked_at > %(since)s;
