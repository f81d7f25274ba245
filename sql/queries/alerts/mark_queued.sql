UPDATE match SET queued_at = %(now)s WHERE match_id = ANY(%(match_ids)s);
