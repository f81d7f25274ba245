-- Articles at rest whose outlet's licence, or the general rule, lets their text be kept no longer.
SELECT a.article_id
FROM article a
LEFT JOIN outlet o USING (outlet_id)
LEFT JOIN retention own ON own.what = 'texts' AND own.licence = o.licence AND own.licence <> ''
LEFT JOIN retention every ON every.what = 'texts' AND every.licence = ''
WHERE a.stage = 'done' AND NOT a.tombstoned AND a.merged_into IS NULL
  AND a.first_seen_at < %(now)s - make_interval(days => coalesce(own.days, every.days))
  AND a.article_id NOT IN (SELECT article_id FROM held_article)
  AND EXISTS (SELECT FROM article_version v WHERE v.article_id = a.article_id AND v.body <> '')
ORDER BY 1
LIMIT %(limit)s
FOR UPDATE OF a;
