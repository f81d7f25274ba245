SELECT entry_id, month, payload, item_key, page_url, message
FROM raw_entry
WHERE (entry_id, month) > (%(after)s, %(after_month)s)
  AND folded(concat_ws(' ', payload::text, item_key, page_url, message)) LIKE ANY(%(patterns)s)
  AND (article_id IS NULL OR article_id NOT IN (SELECT article_id FROM held_article))
ORDER BY entry_id, month
LIMIT %(limit)s;
