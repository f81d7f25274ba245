-- Forgetting and keeping -------------------------------------------------------------------

-- words: of how many words a name is; redact: its texts are kept with the name blacked out.
-- kind "key" is one row by which a wrong key is noticed.
ALTER TABLE tombstone DROP CONSTRAINT tombstone_kind_check;
ALTER TABLE tombstone
    ADD CONSTRAINT tombstone_kind_check
        CHECK (kind IN ('article', 'name', 'source', 'actor', 'key')),
    ADD COLUMN words smallint NOT NULL DEFAULT 0,
    ADD COLUMN redact boolean NOT NULL DEFAULT false;
CREATE INDEX tombstone_names ON tombstone (kind) WHERE kind IN ('name', 'actor', 'key');

-- What was asked, never of whom: the report says how many rows of each place went.
CREATE TABLE forget_run (
    run_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('person', 'url', 'source')),
    redact      boolean NOT NULL,
    asked_by    text NOT NULL,
    begun_at    timestamptz NOT NULL,
    finished_at timestamptz,
    report      jsonb
);

-- What must be kept for a court: hidden when it is forgotten, erased when the hold ends.
CREATE TABLE legal_hold (
    hold_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reason    text NOT NULL,
    source_id text REFERENCES source,          -- also what it will still bring
    placed_by text NOT NULL,
    placed_at timestamptz NOT NULL,
    lifted_at timestamptz
);
CREATE TABLE legal_hold_article (
    hold_id    bigint NOT NULL REFERENCES legal_hold,
    article_id text NOT NULL REFERENCES article,
    PRIMARY KEY (article_id, hold_id)
);
CREATE VIEW held_article AS
    SELECT ha.article_id FROM legal_hold_article ha JOIN legal_hold h USING (hold_id)
    WHERE h.lifted_at IS NULL
    UNION
    SELECT s.article_id FROM article_source s JOIN legal_hold h USING (source_id)
    WHERE h.lifted_at IS NULL;
CREATE VIEW held_body AS
    SELECT e.body_sha256 AS sha256 FROM raw_entry e JOIN held_article USING (article_id)
    WHERE e.body_sha256 IS NOT NULL
    UNION
    SELECT e.page_sha256 FROM raw_entry e JOIN held_article USING (article_id)
    WHERE e.page_sha256 IS NOT NULL;

-- Text as names are compared: without accents and case, one kind of sigma.
CREATE FUNCTION folded(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]', '', 'g')),
                     'ς', 'σ')
$$;

-- How long what is kept, in days; the row with an empty licence is for everything else.
-- No row: for ever. fetches: the log of readings.
CREATE TABLE retention (
    what    text NOT NULL CHECK (what IN ('texts', 'raw', 'versions', 'mails', 'fetches')),
    licence text NOT NULL DEFAULT '',
    days    integer NOT NULL CHECK (days >= 0),
    PRIMARY KEY (what, licence),
    CHECK (licence = '' OR what IN ('texts', 'raw', 'versions'))
);
INSERT INTO retention (what, days) VALUES ('raw', 90), ('mails', 90), ('fetches', 180);

-- Whole months of raw bodies go, unless something in them is held: then the rest goes row by row.
CREATE OR REPLACE FUNCTION drop_raw_bodies(before date) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    dropped integer := 0;
    child record;
    is_held boolean;
BEGIN
    FOR child IN
        SELECT c.relname, to_date(right(c.relname, 8), 'YYYYMMDD') AS month
        FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
        WHERE inhparent = 'mediawatch.raw_body'::regclass AND c.relname ~ '^raw_body_\d{8}$'
    LOOP
        CONTINUE WHEN child.month + interval '1 month' > before;
        EXECUTE format('SELECT EXISTS (SELECT FROM mediawatch.%I b
                        JOIN mediawatch.held_body h USING (sha256))', child.relname) INTO is_held;
        IF NOT is_held THEN
            EXECUTE format('DROP TABLE mediawatch.%I', child.relname);
            dropped := dropped + 1;
        END IF;
    END LOOP;
    DELETE FROM mediawatch.raw_body b
    WHERE b.month + interval '1 month' <= before
      AND NOT EXISTS (SELECT FROM mediawatch.held_body h WHERE h.sha256 = b.sha256);
    RETURN dropped;
END
$$;
