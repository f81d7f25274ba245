-- An article whose page has been gone for long enough gets a version that says so, with the text
-- that it had. One that is still under way waits for the next look.
WITH gone AS (
    SELECT a.article_id, a.version_no, a.index_month
    FROM article a JOIN article_missing m ON m.article_id = a.article_id
    WHERE a.article_id = %(article_id)s AND m.first_missing_at <= %(before)s
      AND a.stage = 'done' AND a.merged_into IS NULL AND NOT a.tombstoned
    FOR UPDATE OF a
), written AS (
    INSERT INTO article_version (article_id, version_no, month, kind, title, body, authors, agency,
                                 language, flags, text_hash, extractor, rules, entry_id, seen_at)
    SELECT v.article_id, v.version_no + 1, v.month, 'vanished', v.title, v.body, v.authors,
           v.agency, v.language, v.flags, v.text_hash, v.extractor, v.rules, v.entry_id, %(now)s
    FROM gone JOIN article_version v ON v.article_id = gone.article_id
        AND v.version_no = gone.version_no AND v.month = gone.index_month
    WHERE v.kind <> 'vanished'
    RETURNING article_id, version_no
)
UPDATE article SET version_no = written.version_no, stage = 'cluster',
                   pending_cause = CASE intake WHEN 'archive' THEN 'backfill' ELSE 'new_version' END
FROM written WHERE article.article_id = written.article_id;
