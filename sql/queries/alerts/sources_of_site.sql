-- The sources that are followed at this host, by address or outlet, and how they do.
SELECT coalesce(nullif(s.title, ''), s.url) AS name, s.state, s.state_reason, s.paused
FROM source s
WHERE NOT s.removed
  AND (s.outlet_id = ANY(%(hosts)s)
       OR regexp_replace(split_part(split_part(s.url, '/', 3), ':', 1), '^www\.', '')
          = ANY(%(hosts)s))
ORDER BY 1
LIMIT 10;
