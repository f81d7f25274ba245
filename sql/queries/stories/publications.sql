-- What is known of some articles as publications of one text.
SELECT a.article_id, a.article_no AS number, a.dated_at, a.outlet_id, o.name AS outlet_name, o.tier,
       v.agency AS credit
FROM article a
JOIN article_version v ON v.article_id = a.article_id AND v.version_no = a.version_no
    AND v.month = a.index_month
LEFT JOIN outlet o ON o.outlet_id = a.outlet_id
WHERE a.article_id = ANY(%(article_ids)s) AND a.merged_into IS NULL AND NOT a.tombstoned;
