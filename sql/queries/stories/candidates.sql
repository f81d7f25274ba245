-- The articles that share the most keys with each text. A key that very many articles have
-- brings some of them only.
WITH hits AS (
    SELECT w.place, w.key, b.article_no
    FROM unnest(%(places)s::integer[], %(keys)s::integer[], %(days)s::date[], %(numbers)s::integer[])
        AS w (place, key, day, mine)
    CROSS JOIN LATERAL (
        SELECT article_no FROM story_band
        WHERE hash = w.key AND day BETWEEN w.day - %(window)s AND w.day + %(window)s
          AND article_no <> w.mine
        LIMIT %(of_a_key)s
    ) AS b
), crowded AS (
    SELECT DISTINCT place FROM hits GROUP BY place, key HAVING count(*) >= %(of_a_key)s
), ranked AS (
    SELECT place, article_no,
           row_number() OVER (PARTITION BY place ORDER BY count(*) DESC, article_no) AS position
    FROM hits GROUP BY place, article_no
)
SELECT place, article_no, position, place IN (SELECT place FROM crowded) AS crowded
FROM ranked
WHERE position <= %(most)s + 1
ORDER BY place, position;
