WITH fetches AS (DELETE FROM "fetch" WHERE source_id = %(source_id)s RETURNING 1),
parts AS (DELETE FROM sitemap_part WHERE source_id = %(source_id)s RETURNING 1),
places AS (DELETE FROM archive_position WHERE source_id = %(source_id)s RETURNING 1),
items AS (DELETE FROM seed_item WHERE source_id = %(source_id)s RETURNING 1),
states AS (DELETE FROM source_history WHERE source_id = %(source_id)s RETURNING 1)
SELECT (SELECT count(*) FROM fetches) AS fetches, (SELECT count(*) FROM parts) AS sitemap_parts,
       (SELECT count(*) FROM places) AS archive_positions, (SELECT count(*) FROM items) AS seed_items,
       (SELECT count(*) FROM states) AS source_states;
