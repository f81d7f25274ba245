-- An article with its current text, as the text stage wrote both. It has one origin as long as
-- no other entry made a version of it.
SELECT a.article_id, a.version_no, a.index_month, a.first_seen_at, a.dated_at, a.dated_origin,
       a.url, a.url_key, a.language, a.published_at, a.published_raw, a.published_origin,
       a.published_precision, a.published_date, a.modified_at, a.event_date,
       v.title, v.body, v.authors, v.agency, v.flags, v.text_hash, v.extractor, v.entry_id,
       NOT EXISTS (SELECT FROM article_version o
                   WHERE o.article_id = a.article_id AND o.month = a.index_month
                     AND o.entry_id <> v.entry_id) AS one_origin
FROM article a
JOIN article_version v
  ON v.article_id = a.article_id AND v.version_no = a.version_no AND v.month = a.index_month
WHERE a.article_id = %(article_id)s AND NOT a.tombstoned AND a.merged_into IS NULL
  AND (a.stage = 'done' OR a.pending_cause = 'reprocess')
FOR UPDATE OF a;
