-- All changes of these articles up to the version that the index now holds.
UPDATE article_change AS c
SET indexed_at = %(now)s, index_error = done.error
FROM unnest(%(article_ids)s::text[], %(versions)s::bigint[], %(errors)s::text[])
    AS done (article_id, version, error)
WHERE c.article_id = done.article_id AND c.change_no <= done.version AND c.indexed_at IS NULL
