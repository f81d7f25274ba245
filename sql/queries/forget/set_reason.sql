UPDATE match SET reason = %(reason)s WHERE match_id = %(match_id)s;
