INSERT INTO event_rarity (term, stories)
SELECT * FROM unnest(%(terms)s::bigint[], %(holding)s::integer[])
ON CONFLICT (term) DO UPDATE SET stories = event_rarity.stories + EXCLUDED.stories
RETURNING term, stories;
