-- What people wrote in this house that may name somebody.
SELECT 'watches' AS place, watch_id AS id, '' AS part, name || ' ' || query AS words FROM watch
UNION ALL SELECT 'feed_tokens', token_id::text, '', name || ' ' || query FROM feed_token
UNION ALL SELECT 'exports', run_id::text, '', query FROM export_run
UNION ALL SELECT 'actor_decisions', decision_id::text, '', value FROM actor_decision
UNION ALL SELECT 'seed_items', source_id, item_key, item_key || ' ' || file FROM seed_item
UNION ALL SELECT 'fetches', fetch_id::text, '', url || ' ' || coalesce(message, '') FROM "fetch";
