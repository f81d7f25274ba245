-- Which rules made the annotation is kept with the version; the next step is compare.
WITH made AS (
    SELECT * FROM unnest(%(article_ids)s::text[], %(version_nos)s::integer[], %(months)s::date[],
                         %(rules)s::text[]) AS m (article_id, version_no, month, rules)
), kept AS (
    UPDATE article_version v SET rules = v.rules || m.rules::jsonb
    FROM made m
    WHERE v.article_id = m.article_id AND v.version_no = m.version_no AND v.month = m.month
)
UPDATE article a SET stage = 'compare'
FROM made m
WHERE a.article_id = m.article_id;
