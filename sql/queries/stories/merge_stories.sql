UPDATE story SET merged_into = m.kept
FROM (VALUES %s) AS m (gone, kept)
WHERE story.story_id = m.gone;
