-- Bodies whose licence lets them be kept for a shorter time than the others.
DELETE FROM raw_body b
WHERE b.sha256 NOT IN (SELECT sha256 FROM held_body)
  AND (b.sha256, b.month) IN (
    SELECT b2.sha256, b2.month
    FROM raw_entry e
    JOIN source s USING (source_id)
    LEFT JOIN article a ON a.article_id = e.article_id
    JOIN outlet o ON o.outlet_id = coalesce(a.outlet_id, s.outlet_id)
    JOIN retention r ON r.what = 'raw' AND r.licence = o.licence AND r.licence <> ''
    JOIN raw_body b2 ON b2.sha256 IN (e.body_sha256, e.page_sha256)
    WHERE e.state NOT IN ('wanted', 'pending')
      AND b2.fetched_at < %(now)s - make_interval(days => r.days)
    LIMIT %(limit)s);
