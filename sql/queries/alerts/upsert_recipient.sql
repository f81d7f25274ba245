-- Language and zone belong to the reader: the last entry that names them decides.
INSERT INTO recipient (address, language, zone)
VALUES (%(address)s, %(language)s, %(zone)s)
ON CONFLICT (address) DO UPDATE SET language = EXCLUDED.language, zone = EXCLUDED.zone
RETURNING recipient_id;
