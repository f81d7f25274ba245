-- An event whose every story was merged into stories of another event ends in that event.
UPDATE event SET merged_into = kept.event_id
FROM unnest(%(gone)s::text[], %(kept)s::text[]) AS m (gone_id, kept_id)
JOIN story gone ON gone.story_id = m.gone_id
JOIN story kept ON kept.story_id = m.kept_id
WHERE event.event_id = gone.event_id AND kept.event_id <> gone.event_id
  AND event.merged_into IS NULL
  AND NOT EXISTS (SELECT FROM story s WHERE s.event_id = gone.event_id AND s.merged_into IS NULL)
RETURNING event.event_id;
