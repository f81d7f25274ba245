INSERT INTO story_band (hash, article_no, day)
SELECT w.hash, d.article_no, d.day
FROM unnest(%(places)s::integer[], %(keys)s::integer[]) AS w (place, hash)
JOIN unnest(%(days)s::date[], %(numbers)s::integer[]) WITH ORDINALITY AS d (day, article_no, n)
    ON d.n = w.place + 1;
