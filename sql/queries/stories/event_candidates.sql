-- The events that share the most terms with each story, of those that may be in time. A term
-- leads to its latest events only, and one term alone to none.
WITH hits AS (
    SELECT w.place, t.event_no
    FROM unnest(%(places)s::integer[], %(terms)s::bigint[], %(days)s::date[]) AS w (place, term, day)
    CROSS JOIN LATERAL (
        SELECT event_no FROM event_term
        WHERE term = w.term AND day BETWEEN w.day - %(window)s AND w.day + %(window)s
        ORDER BY day DESC, event_no DESC
        LIMIT %(of_a_term)s
    ) AS t
), ranked AS (
    SELECT place, event_no,
           row_number() OVER (PARTITION BY place ORDER BY count(*) DESC, event_no) AS position
    FROM hits GROUP BY place, event_no HAVING count(*) > 1
)
SELECT ranked.place, p.event_id
FROM ranked JOIN event_profile p ON p.event_no = ranked.event_no
WHERE ranked.position <= %(most)s
ORDER BY ranked.place, ranked.position;
