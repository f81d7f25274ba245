-- The story that a person means by its id, or by an article's id or address.
SELECT story_id FROM article
WHERE story_id IS NOT NULL AND (article_id = %(wanted)s OR url = %(wanted)s OR story_id = %(wanted)s)
ORDER BY article_no
LIMIT 1;
