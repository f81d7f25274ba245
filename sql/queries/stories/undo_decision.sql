UPDATE story_decision SET undone_at = %(now)s WHERE decision_id = %(decision_id)s;
