-- When a reader wanted to hear nothing of a watch, past and to come: what was found in these
-- times is never told to them.
ALTER TABLE subscription ADD COLUMN paused tstzmultirange NOT NULL DEFAULT '{}';

-- How many times in a row its search took too long.
ALTER TABLE watch ADD COLUMN slow smallint NOT NULL DEFAULT 0;

-- A reader has one verdict on a story, however often the link is followed.
CREATE UNIQUE INDEX feedback_once ON feedback (watch_id, recipient_id, unit_id);

-- Every name of a story or event: the one it has now, and those that were merged into it.
CREATE FUNCTION unit_family(unit_id text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    WITH RECURSIVE merged AS (
        SELECT story_id AS id, merged_into FROM mediawatch.story WHERE merged_into IS NOT NULL
        UNION ALL
        SELECT event_id, merged_into FROM mediawatch.event WHERE merged_into IS NOT NULL
    ),
    up AS (
        SELECT unit_id AS id
        UNION
        SELECT m.merged_into FROM up JOIN merged m ON m.id = up.id
    ),
    family AS (
        SELECT id FROM up
        UNION
        SELECT m.id FROM family f JOIN merged m ON m.merged_into = f.id
    )
    SELECT id FROM family
$$;

-- The name that a story or event has now.
CREATE FUNCTION unit_root(unit_id text) RETURNS text LANGUAGE sql STABLE AS $$
    WITH RECURSIVE up AS (
        SELECT unit_id AS id, 0 AS steps
        UNION ALL
        SELECT coalesce(s.merged_into, e.merged_into), up.steps + 1
        FROM up
        LEFT JOIN mediawatch.story s ON s.story_id = up.id
        LEFT JOIN mediawatch.event e ON e.event_id = up.id
        WHERE coalesce(s.merged_into, e.merged_into) IS NOT NULL
    )
    SELECT id FROM up ORDER BY steps DESC LIMIT 1
$$;
