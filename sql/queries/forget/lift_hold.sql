UPDATE legal_hold SET lifted_at = %(now)s WHERE hold_id = %(hold_id)s AND lifted_at IS NULL;
