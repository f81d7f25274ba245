-- Read-only addresses for feed readers: each shows one search, and is kept as a hash alone.
CREATE TABLE feed_token (
    token_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash   text NOT NULL UNIQUE,
    name         text NOT NULL,
    query        text NOT NULL,
    owner        text NOT NULL,                -- the log-in that made it
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz
);

-- For the page of the day: what came in and went out in a span of time.
CREATE INDEX article_by_first_seen ON article (first_seen_at) INCLUDE (relation)
    WHERE merged_into IS NULL AND NOT tombstoned;
CREATE INDEX fetch_outcomes ON "fetch" (source_id, started_at) INCLUDE (outcome);
CREATE INDEX fetch_failed ON "fetch" (started_at) INCLUDE (source_id)
    WHERE outcome NOT IN ('ok', 'unchanged');
CREATE INDEX later_version_by_time ON article_version (seen_at) WHERE version_no > 1;
CREATE INDEX delivery_by_queued ON delivery (queued_at);
CREATE INDEX raw_entry_rejected ON raw_entry (first_seen_at) WHERE state = 'rejected';

-- People ask for a story by the address of one of its articles. Addresses may be longer than a
-- b-tree takes.
CREATE INDEX article_by_url ON article USING hash (url);

-- Actors that no list knows are asked for by name.
CREATE INDEX local_mention_by_name ON mention (lower(name)) WHERE actor_id LIKE 'local:%';
