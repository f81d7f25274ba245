-- What may name somebody; the caller looks closer.
SELECT v.article_id, v.version_no, v.month, v.title, v.body, v.authors, v.agency, a.url
FROM article_version v JOIN article a USING (article_id)
WHERE (v.article_id, v.version_no) > (%(after)s, %(after_version)s)
  AND folded(concat_ws(' ', v.title, v.body, array_to_string(v.authors, ' '), v.agency, a.url))
      LIKE ANY(%(patterns)s)
ORDER BY v.article_id, v.version_no
LIMIT %(limit)s;
