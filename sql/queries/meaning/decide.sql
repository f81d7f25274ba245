-- The name stands beside those of the list at once, so that a search by it finds the actor.
WITH named AS (
    INSERT INTO actor_alias (actor_id, alias, kind, origin)
    SELECT %(actor_id)s, %(value)s, 'name', 'person'
    WHERE %(kind)s = 'alias'
    ON CONFLICT (actor_id, alias) DO NOTHING
)
INSERT INTO actor_decision (kind, actor_id, value, decided_at, decided_by)
VALUES (%(kind)s, %(actor_id)s, %(value)s, %(now)s, %(by)s)
RETURNING decision_id;
