-- The decisions that hold, each with what is known of the actor that a merge leads to.
SELECT d.decision_id, d.kind, d.actor_id, d.value, d.decided_at, d.decided_by,
       coalesce(a.name, m.name) AS name, coalesce(a.kind, m.kind) AS actor_kind,
       coalesce(a.country, m.country) AS country
FROM actor_decision d
LEFT JOIN actor a ON d.kind = 'merge' AND a.actor_id = d.value
LEFT JOIN LATERAL (
    SELECT name, kind, country FROM mention
    WHERE d.kind = 'merge' AND actor_id = d.value
    LIMIT 1
) m ON true
WHERE d.undone_at IS NULL
ORDER BY d.decision_id;
