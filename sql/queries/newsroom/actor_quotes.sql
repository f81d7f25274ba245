-- The latest words of a speaker in current versions, newest first; copies say them again.
SELECT q.text, q.kind, q.cue, q.reporter, a.article_id, a.dated_at, v.title, o.name AS outlet_name
FROM quote q
JOIN article a ON a.article_id = q.article_id AND a.version_no = q.version_no
    AND a.index_month = q.month
JOIN article_version v ON v.article_id = a.article_id AND v.version_no = a.version_no
    AND v.month = a.index_month
LEFT JOIN outlet o USING (outlet_id)
WHERE q.speaker_id = %(actor_id)s AND NOT a.tombstoned AND a.merged_into IS NULL
  AND coalesce(a.relation, 'original') = 'original'
ORDER BY a.dated_at DESC, q.start_at
LIMIT %(limit)s;
