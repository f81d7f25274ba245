-- An outlet that something still speaks of stays.
DELETE FROM outlet o
WHERE outlet_id = %(outlet_id)s
  AND NOT EXISTS (SELECT 1 FROM source WHERE outlet_id = o.outlet_id)
  AND NOT EXISTS (SELECT 1 FROM article WHERE outlet_id = o.outlet_id);
