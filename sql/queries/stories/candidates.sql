-- The articles that share the most keys with each text. A key that very many articles have
-- brings some of them only.
WITH asked AS (
    SELECT w.place, w.key, d.day, d.mine
    FROM unnest(%(places)s::integer[], %(keys)s::integer[]) AS w (place, key)
    JOIN unnest(%(days)s::date[], %(numbers)s::integer[]) WITH ORDINALITY AS d (day, mine, n)
        ON d.n = w.place + 1
), hits AS (
    SELECT asked.place, asked.key, b.article_no
    FROM asked
    CROSS JOIN LATERAL (
        SELECT article_no FROM story_band
        WHERE hash = asked.key AND day BETWEEN asked.day - %(window)s AND asked.day + %(window)s
          AND article_no <> asked.mine
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
