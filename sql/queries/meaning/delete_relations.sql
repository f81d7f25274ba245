DELETE FROM relation t
USING unnest(%(article_ids)s::text[], %(version_nos)s::integer[], %(months)s::date[])
    AS d (article_id, version_no, month)
WHERE t.article_id = d.article_id AND t.version_no = d.version_no AND t.month = d.month;
