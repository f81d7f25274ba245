SELECT language, count(*) AS articles
FROM article
WHERE merged_into IS NULL AND NOT tombstoned
GROUP BY language
ORDER BY articles DESC, language;
