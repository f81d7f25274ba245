-- Those of its articles that are held or stand in another source as well are left.
SELECT entry_id FROM raw_entry
WHERE source_id = %(source_id)s AND payload <> '{}'
  AND (article_id IS NULL OR article_id NOT IN (SELECT article_id FROM held_article));
