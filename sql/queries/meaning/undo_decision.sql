WITH undone AS (
    UPDATE actor_decision SET undone_at = %(now)s
    WHERE decision_id = %(decision_id)s AND undone_at IS NULL
    RETURNING kind, actor_id, value
), unnamed AS (
    DELETE FROM actor_alias a
    USING undone u
    WHERE u.kind = 'alias' AND a.actor_id = u.actor_id AND a.alias = u.value
      AND a.origin = 'person'
)
SELECT kind, actor_id, value FROM undone;
