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
CREATE INDEX article_by_first_seen ON article (first_seen_at);
CREATE INDEX fetch_by_time ON "fetch" (started_at);
CREATE INDEX delivery_by_queued ON delivery (queued_at);
CREATE INDEX raw_entry_rejected ON raw_entry (first_seen_at) WHERE state = 'rejected';

-- People ask for a story by the address of one of its articles. Addresses may be longer than a
-- b-tree takes.
CREATE INDEX article_by_url ON article USING hash (url);
