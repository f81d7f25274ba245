-- What waits for one step of open_work, the oldest first: since when, what it is, and the page of
-- the newsroom where it stands (a source, an article or a mail).
SELECT * FROM (
    SELECT r.first_seen_at AS since, coalesce(r.payload ->> 'title', r.payload ->> 'url', r.item_key) AS name,
           r.page_outcome AS detail, r.source_id, NULL::text AS article_id, NULL::bigint AS delivery_id
    FROM raw_entry r
    WHERE %(step)s = 'pages' AND r.state = 'wanted'
      AND (r.page_next_at IS NULL OR r.page_next_at <= %(now)s)
    UNION ALL
    SELECT r.first_seen_at, coalesce(r.payload ->> 'title', r.payload ->> 'url', r.item_key),
           NULL, r.source_id, NULL, NULL
    FROM raw_entry r WHERE %(step)s = 'entries' AND r.state = 'pending'
    UNION ALL
    SELECT a.first_seen_at, coalesce(v.title, a.url), a.stage, NULL, a.article_id, NULL
    FROM article a
    LEFT JOIN article_version v ON v.article_id = a.article_id AND v.version_no = a.version_no
        AND v.month = a.index_month
    WHERE %(step)s = 'articles' AND a.stage <> 'done'
    UNION ALL
    SELECT c.changed_at, coalesce(v.title, a.url), c.cause, NULL, a.article_id, NULL
    FROM article_change c
    JOIN article a USING (article_id)
    LEFT JOIN article_version v ON v.article_id = a.article_id AND v.version_no = a.version_no
        AND v.month = a.index_month
    WHERE (%(step)s = 'changes' AND c.indexed_at IS NULL AND c.index_error IS NULL)
       OR (%(step)s = 'matches' AND c.matched_at IS NULL AND c.indexed_at IS NOT NULL)
    UNION ALL
    SELECT d.queued_at, coalesce(d.subject, d.slot), r.address, NULL, NULL, d.delivery_id
    FROM delivery d JOIN recipient r USING (recipient_id)
    WHERE d.kind = CASE %(step)s WHEN 'mails' THEN 'instant' WHEN 'digests' THEN 'digest' END
      AND d.state IN ('queued', 'sending') AND d.next_attempt_at <= %(now)s
) waiting
ORDER BY since
LIMIT %(limit)s;
