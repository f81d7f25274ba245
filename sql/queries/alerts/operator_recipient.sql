INSERT INTO recipient (address) VALUES (%(address)s)
ON CONFLICT (address) DO UPDATE SET address = EXCLUDED.address
RETURNING recipient_id;
