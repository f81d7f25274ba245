SELECT article_id FROM mention WHERE actor_id = ANY(%(actor_ids)s) OR meant_id = ANY(%(actor_ids)s)
UNION
SELECT article_id FROM quote WHERE speaker_id = ANY(%(actor_ids)s)
UNION
SELECT article_id FROM relation
WHERE source_id = ANY(%(actor_ids)s) OR target_id = ANY(%(actor_ids)s)
ORDER BY 1;
