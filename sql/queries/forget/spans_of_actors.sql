-- Where somebody is named in these articles, in whatever words.
SELECT article_id, version_no, part, start_at, end_at FROM mention
WHERE article_id = ANY(%(article_ids)s)
  AND (actor_id = ANY(%(actor_ids)s) OR meant_id = ANY(%(actor_ids)s));
