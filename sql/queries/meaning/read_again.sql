-- Articles past their annotation that name an actor, or hold a name anywhere in their text.
WITH concerned AS (
    SELECT m.article_id
    FROM mention m
    WHERE (m.actor_id = %(actor_id)s OR m.meant_id = %(actor_id)s)
      AND (%(text)s::text IS NULL OR lower(m.text) = lower(%(text)s))
    UNION
    SELECT v.article_id
    FROM article_version v
    WHERE %(anywhere)s AND position(lower(%(text)s) IN lower(v.title || ' ' || v.body)) > 0
)
UPDATE article a
SET stage = 'annotate', pending_cause = coalesce(a.pending_cause, 'alias_edit')
FROM concerned c
WHERE a.article_id = c.article_id AND a.stage IN ('compare', 'done')
  AND NOT a.tombstoned AND a.merged_into IS NULL;
