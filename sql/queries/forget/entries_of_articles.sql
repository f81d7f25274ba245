SELECT entry_id FROM raw_entry
WHERE article_id = ANY(%(article_ids)s)
  AND article_id NOT IN (SELECT article_id FROM held_article) AND payload <> '{}';
