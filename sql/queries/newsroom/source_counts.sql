-- The followed sources: how many, how many are due or paused.
SELECT count(*) AS followed,
       count(*) FILTER (WHERE NOT paused AND next_fetch_at <= %(now)s AND kind <> 'folder') AS due,
       count(*) FILTER (WHERE paused) AS paused
FROM source WHERE NOT removed;
