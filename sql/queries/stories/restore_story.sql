-- A story that was merged stands by itself again.
UPDATE story SET merged_into = NULL WHERE story_id = %(story_id)s;
