-- New entries of a source on each of the last days in UTC.
SELECT d::date AS day,
       (SELECT coalesce(sum(f.new), 0) FROM "fetch" f WHERE f.source_id = %(source_id)s
          AND f.started_at >= d AND f.started_at < d + interval '1 day') AS entries
FROM generate_series(date_trunc('day', %(now)s::timestamptz) - make_interval(days => %(days)s - 1),
                     %(now)s::timestamptz, interval '1 day') d
ORDER BY d;
