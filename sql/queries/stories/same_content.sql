SELECT w.place, c.article_no
FROM unnest(%(places)s::integer[], %(contents)s::text[], %(days)s::date[]) AS w (place, content, day)
JOIN story_content c ON c.content = w.content
    AND c.day BETWEEN w.day - %(window)s AND w.day + %(window)s
ORDER BY w.place, abs(c.day - w.day), c.article_no;
