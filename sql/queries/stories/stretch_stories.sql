-- The days that stories reach over, after articles joined them.
UPDATE story SET first_dated_at = least(story.first_dated_at, m.first_dated_at),
                 last_dated_at = greatest(story.last_dated_at, m.last_dated_at)
FROM (
    SELECT s.root_id, min(a.dated_at) AS first_dated_at, max(a.dated_at) AS last_dated_at
    FROM unnest(%(article_ids)s::text[], %(root_ids)s::text[]) AS s (article_id, root_id)
    JOIN article a ON a.article_id = s.article_id
    GROUP BY s.root_id
) AS m
WHERE story.story_id = m.root_id;
