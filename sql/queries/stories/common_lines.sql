-- Which of these lines stood in three stories of these outlets.
SELECT outlet_id, line
FROM outlet_line
WHERE outlet_id = ANY(%(outlet_ids)s) AND line = ANY(%(lines)s::bigint[])
  AND cardinality(stories) >= 3;
