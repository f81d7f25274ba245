-- A story that was there before is founded anew under its name, and keeps its event.
INSERT INTO story (story_id, founding, origin_article_id, repeat_of, first_dated_at,
                   last_dated_at, created_at)
VALUES %s
ON CONFLICT (story_id) DO UPDATE SET merged_into = NULL, repeat_of = EXCLUDED.repeat_of,
    origin_article_id = EXCLUDED.origin_article_id, first_dated_at = EXCLUDED.first_dated_at,
    last_dated_at = EXCLUDED.last_dated_at;
