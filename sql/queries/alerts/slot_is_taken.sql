SELECT EXISTS (
    SELECT FROM delivery
    WHERE recipient_id = %(recipient_id)s AND kind = 'digest' AND slot = %(slot)s
) AS taken;
