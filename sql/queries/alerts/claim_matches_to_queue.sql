-- "story_id" is the story of the article that matched: what was found of one story in one pass
-- goes into one mail.
SELECT m.match_id, m.watch_id, m.unit, m.unit_id, m.cause_key, a.story_id
FROM match m LEFT JOIN article a USING (article_id)
WHERE m.state = 'live' AND m.queued_at IS NULL
ORDER BY m.match_id
FOR UPDATE OF m SKIP LOCKED;
