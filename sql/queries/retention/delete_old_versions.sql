-- What an article said before its current version.
WITH old AS (
    SELECT v.article_id, v.version_no, v.month
    FROM article_version v
    JOIN article a ON a.article_id = v.article_id AND v.version_no < a.version_no AND a.stage = 'done'
    LEFT JOIN outlet o USING (outlet_id)
    LEFT JOIN retention own ON own.what = 'versions' AND own.licence = o.licence AND own.licence <> ''
    LEFT JOIN retention every ON every.what = 'versions' AND every.licence = ''
    WHERE v.seen_at < %(now)s - make_interval(days => coalesce(own.days, every.days))
      AND a.article_id NOT IN (SELECT article_id FROM held_article)
    ORDER BY v.article_id, v.version_no
    LIMIT %(limit)s
), mentions AS (
    DELETE FROM mention m USING old WHERE m.article_id = old.article_id
      AND m.version_no = old.version_no AND m.month = old.month
), quotes AS (
    DELETE FROM quote q USING old WHERE q.article_id = old.article_id
      AND q.version_no = old.version_no AND q.month = old.month
)
DELETE FROM article_version v USING old
WHERE v.article_id = old.article_id AND v.version_no = old.version_no AND v.month = old.month;
