SELECT recipient_id FROM recipient WHERE recipient_id = %(recipient_id)s FOR UPDATE;
