WITH gone AS (
    DELETE FROM article_source
    WHERE article_id = %(merged)s
    RETURNING source_id, item_key, first_seen_at)
INSERT INTO article_source (article_id, source_id, item_key, first_seen_at)
SELECT %(survivor)s, source_id, item_key, first_seen_at
FROM gone
ON CONFLICT DO NOTHING
