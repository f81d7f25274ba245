-- The articles of a merged story that do not leave with the one that founded it.
UPDATE article SET story_id = %(story_id)s
WHERE story_id = %(new_id)s AND article_id <> ALL(%(article_ids)s);
