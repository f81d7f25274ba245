-- How long the instant mails of this time took from publication, in seconds; only of articles
-- whose minute of publication is known, and of mails that told something new.
SELECT count(*) AS mails,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) AS p95
FROM (
    SELECT greatest(0, extract(epoch FROM d.sent_at - max(a.published_at)))::float8 AS seconds
    FROM delivery d
    JOIN delivery_match dm USING (recipient_id, kind, slot)
    JOIN match m USING (match_id)
    JOIN article a USING (article_id)
    WHERE d.kind = 'instant' AND d.state = 'sent' AND d.sent_at > %(since)s
      AND d.sent_at <= %(now)s AND m.cause_key = 'new'
      AND a.published_precision IN ('second', 'minute')
    GROUP BY d.delivery_id, d.sent_at
) mail;
