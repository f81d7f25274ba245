-- The followed sources: how many, how many are due, silent, paused or cannot be read.
SELECT count(*) AS followed,
       count(*) FILTER (WHERE NOT paused AND next_fetch_at <= %(now)s AND kind <> 'folder') AS due,
       count(*) FILTER (WHERE state = 'quiet') AS quiet,
       count(*) FILTER (WHERE paused) AS paused,
       count(*) FILTER (WHERE state IN ('failing', 'robots', 'gone')) AS failing
FROM source WHERE NOT removed;
