-- A source that moved is read at its new address, unless another one is there already.
UPDATE source
SET url = CASE WHEN other.source_id IS NULL THEN %(url)s ELSE source.url END,
    moved_into = other.source_id, moved_to = NULL, moved_seen = 0
FROM (SELECT 1) AS one
LEFT JOIN source AS other ON other.url = %(url)s AND other.kind = %(kind)s
WHERE source.source_id = %(source_id)s AND NOT coalesce(other.removed, false)
RETURNING source.moved_into;
