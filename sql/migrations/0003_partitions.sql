-- Partitions are made ahead: each month's for texts, each day's for bands. A row whose
-- partition is missing goes to the default one, which stays correct and only slower.

CREATE FUNCTION make_partition(parent text, first date, following date) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    child text := format('%s_%s', parent, to_char(first, 'YYYYMMDD'));
BEGIN
    IF to_regclass(format('mediawatch.%I', child)) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE mediawatch.%I PARTITION OF mediawatch.%I FOR VALUES FROM (%L) TO (%L)',
                   child, parent, first, following);
    RETURN true;
EXCEPTION
    -- Rows of this range already lie in the default partition: they stay there.
    WHEN check_violation THEN
        RETURN false;
END
$$;

-- Makes what is missing from the month of "today" to two months on, and for bands from 31
-- days back to 14 days on; returns how many partitions were made.
CREATE FUNCTION make_partitions(today date) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    made integer := 0;
    parent text;
    month date;
    day date;
BEGIN
    FOREACH parent IN ARRAY ARRAY['raw_entry', 'raw_body', 'article_version', 'mention', 'quote'] LOOP
        FOR offset_months IN 0..2 LOOP
            month := (date_trunc('month', today) + make_interval(months => offset_months))::date;
            made := made + make_partition(parent, month, (month + interval '1 month')::date)::integer;
        END LOOP;
    END LOOP;
    FOR offset_days IN -31..14 LOOP
        day := today + offset_days;
        made := made + make_partition('story_band', day, day + 1)::integer;
    END LOOP;
    RETURN made;
END
$$;

-- The old months of raw bodies, whole partitions and what lies in the default one.
CREATE FUNCTION drop_raw_bodies(before date) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    dropped integer := 0;
    child record;
BEGIN
    FOR child IN
        SELECT c.relname, to_date(right(c.relname, 8), 'YYYYMMDD') AS month
        FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
        WHERE inhparent = 'mediawatch.raw_body'::regclass AND c.relname ~ '^raw_body_\d{8}$'
    LOOP
        IF child.month + interval '1 month' <= before THEN
            EXECUTE format('DROP TABLE mediawatch.%I', child.relname);
            dropped := dropped + 1;
        END IF;
    END LOOP;
    DELETE FROM mediawatch.raw_body_default WHERE raw_body_default.month + interval '1 month' <= before;
    RETURN dropped;
END
$$;
