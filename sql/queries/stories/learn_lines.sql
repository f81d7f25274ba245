-- A line that is known well enough only gets the day on which it was seen last.
INSERT INTO outlet_line (outlet_id, line, stories, seen_on)
VALUES %s
ON CONFLICT (outlet_id, line) DO UPDATE
SET seen_on = EXCLUDED.seen_on,
    stories = CASE WHEN cardinality(outlet_line.stories) >= 3 THEN outlet_line.stories
              ELSE ARRAY(SELECT DISTINCT id
                         FROM unnest(outlet_line.stories || EXCLUDED.stories) AS id
                         ORDER BY id LIMIT 3) END
WHERE outlet_line.seen_on < EXCLUDED.seen_on
   OR (cardinality(outlet_line.stories) < 3 AND NOT EXCLUDED.stories <@ outlet_line.stories);
