-- The origin of each of some stories, as it is written down.
SELECT story_id, origin_article_id FROM story WHERE story_id = ANY(%(story_ids)s);
