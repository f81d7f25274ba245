-- The last article that stood for a content before the window.
SELECT w.place, c.article_no
FROM unnest(%(places)s::integer[], %(contents)s::text[], %(days)s::date[]) AS w (place, content, day)
CROSS JOIN LATERAL (
    SELECT article_no FROM story_content
    WHERE content = w.content AND day < w.day - %(window)s
    ORDER BY day DESC LIMIT 1
) AS c;
