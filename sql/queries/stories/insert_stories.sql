INSERT INTO story (story_id, founding, origin_article_id, repeat_of, first_dated_at,
                   last_dated_at, created_at)
VALUES %s;
