-- Sources: their rhythm, their moves, and the history of their states.

-- host: whom a request disturbs. moved_to, moved_seen: where permanent redirects lead, and how
-- often in a row; moved_into: the source that follows the new address already.
ALTER TABLE source
    ADD COLUMN host text GENERATED ALWAYS AS
        (lower(substring(url FROM '^[A-Za-z]+://(?:[^/?#@]*@)?([^/?#]+)'))) STORED,
    ADD COLUMN rhythm jsonb,
    ADD COLUMN least_seconds integer NOT NULL DEFAULT 0,  -- as the source itself asks
    ADD COLUMN moved_to text,
    ADD COLUMN moved_seen smallint NOT NULL DEFAULT 0,
    ADD COLUMN moved_into text REFERENCES source ON DELETE SET NULL;

DROP INDEX source_due;
CREATE INDEX source_due ON source (next_fetch_at, source_id)
    WHERE kind IN ('feed', 'sitemap', 'page') AND NOT paused AND NOT removed AND state <> 'gone'
      AND moved_into IS NULL;

-- A row for each change of state; coming and going of news ("fine", "unchanged") is none.
CREATE TABLE source_history (
    change_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id text NOT NULL REFERENCES source ON DELETE CASCADE,
    since     timestamptz NOT NULL,
    state     text NOT NULL,
    reason    text,
    url       text NOT NULL
);
CREATE INDEX source_history_by_source ON source_history (source_id, change_no);

CREATE FUNCTION keep_source_state() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO source_history (source_id, since, state, reason, url)
    VALUES (NEW.source_id, coalesce(NEW.state_since, NEW.created_at), NEW.state, NEW.state_reason,
            NEW.url);
    RETURN NULL;
END $$;

CREATE TRIGGER source_added AFTER INSERT ON source
    FOR EACH ROW EXECUTE FUNCTION keep_source_state();
CREATE TRIGGER source_changed AFTER UPDATE OF state ON source
    FOR EACH ROW WHEN (OLD.state_since IS DISTINCT FROM NEW.state_since OR
                           (OLD.state <> NEW.state AND NOT (OLD.state IN ('fine', 'unchanged')
                                                            AND NEW.state IN ('fine', 'unchanged'))))
    EXECUTE FUNCTION keep_source_state();

-- The newest texts of a source, to see when they become shorter.
CREATE INDEX article_source_newest ON article_source (source_id, first_seen_at DESC);

-- What /.well-known/tdmrep.json of a site (scheme and host) says: a list of location and
-- is_reserved, empty where there is no such file.
CREATE TABLE tdm_reservation (
    site     text PRIMARY KEY,
    rules    jsonb NOT NULL,
    asked_at timestamptz NOT NULL
);
