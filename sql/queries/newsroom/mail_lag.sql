-- From publication (as the source dates it to the minute) to the mail, of the instant mails of a
-- span of time: median and 95th percentile in seconds, and how many mails.
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY lag) AS median,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY lag) AS p95,
       count(*) AS mails
FROM (
    SELECT extract(epoch FROM d.sent_at - min(a.published_at))::float8 AS lag
    FROM delivery d
    JOIN delivery_match dm USING (recipient_id, kind, slot)
    JOIN match m USING (match_id)
    JOIN article a ON a.article_id = m.article_id
    WHERE d.kind = 'instant' AND d.state = 'sent' AND d.queued_at > %(since)s
      AND d.queued_at <= %(now)s AND a.published_precision IN ('second', 'minute')
    GROUP BY d.delivery_id, d.sent_at
) lags;
