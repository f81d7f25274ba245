SELECT count(*) AS articles,
       count(*) FILTER (WHERE relation IN ('exact', 'near', 'excerpt')) AS copies
FROM article
WHERE first_seen_at > %(since)s AND first_seen_at <= %(now)s
  AND merged_into IS NULL AND NOT tombstoned;
