-- The articles that founded a story for which no event was found yet.
SELECT founding FROM story
WHERE founding = ANY(%(article_ids)s) AND event_id IS NULL AND merged_into IS NULL;
