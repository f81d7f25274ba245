-- The tables of the house. Everything lives in the schema "mediawatch", which the
-- migration runner has made and put first in the search path.
-- Partitioned tables carry "month" (first day of the month of first_seen_at) or "day" in
-- their key; each has a default partition, so that a missing one never loses a row.

-- Sources ------------------------------------------------------------------------------

CREATE TABLE outlet (
    outlet_id   text PRIMARY KEY,
    name        text NOT NULL,
    country     text,
    zone        text,
    locale      text,
    tier        smallint CHECK (tier BETWEEN 1 AND 3),
    licence     text
);

CREATE TABLE source (
    source_id        text PRIMARY KEY,
    kind             text NOT NULL CHECK (kind IN ('feed', 'sitemap', 'page', 'folder', 'archive')),
    url              text NOT NULL,
    title            text NOT NULL DEFAULT '',
    tags             text[] NOT NULL DEFAULT '{}',
    outlet_id        text REFERENCES outlet,
    fetch_policy     text NOT NULL DEFAULT 'short' CHECK (fetch_policy IN ('never', 'short', 'always')),
    state            text NOT NULL DEFAULT 'new',
    state_reason     text,
    state_since      timestamptz,
    paused           boolean NOT NULL DEFAULT false,
    removed          boolean NOT NULL DEFAULT false,
    etag             text,
    last_modified    text,
    body_sha256      text,
    failures         integer NOT NULL DEFAULT 0,
    interval_seconds integer NOT NULL DEFAULT 900,
    next_fetch_at    timestamptz NOT NULL,
    last_ok_at       timestamptz,
    claimed_until    timestamptz,
    created_at       timestamptz NOT NULL,
    UNIQUE (kind, url)
);
CREATE INDEX source_due ON source (next_fetch_at) WHERE NOT paused AND NOT removed;

CREATE TABLE "fetch" (
    fetch_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id   text NOT NULL REFERENCES source,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    url         text NOT NULL,
    outcome     text NOT NULL,
    message     text,
    status      integer,
    bytes       bigint NOT NULL DEFAULT 0,
    entries     integer NOT NULL DEFAULT 0,
    new         integer NOT NULL DEFAULT 0
);
CREATE INDEX fetch_by_source ON "fetch" (source_id, started_at DESC);

CREATE TABLE raw_body (
    sha256       text NOT NULL,
    month        date NOT NULL,
    content      bytea NOT NULL,               -- gzipped
    url          text,
    content_type text,
    fetched_at   timestamptz NOT NULL,
    PRIMARY KEY (sha256, month)
) PARTITION BY RANGE (month);
CREATE TABLE raw_body_default PARTITION OF raw_body DEFAULT;

-- state: wanted (its page is to be fetched), pending, article, version, known, rejected
CREATE TABLE raw_entry (
    entry_id      text NOT NULL,
    month         date NOT NULL,
    source_id     text NOT NULL REFERENCES source,
    item_key      text NOT NULL,
    payload       jsonb NOT NULL,              -- the fields of model.RawEntry
    body_sha256   text,
    first_seen_at timestamptz NOT NULL,
    state         text NOT NULL CHECK (state IN
                  ('wanted', 'pending', 'article', 'version', 'known', 'rejected')),
    page_url      text,                        -- where the page was really read
    page_sha256   text,
    page_outcome  text,                        -- a fetch code
    page_attempts smallint NOT NULL DEFAULT 0,
    page_next_at  timestamptz,
    article_id    text,
    code          text,
    message       text,
    claimed_until timestamptz,
    done_at       timestamptz,
    PRIMARY KEY (entry_id, month)
) PARTITION BY RANGE (month);
CREATE TABLE raw_entry_default PARTITION OF raw_entry DEFAULT;
CREATE INDEX raw_entry_open ON raw_entry (first_seen_at) WHERE state IN ('wanted', 'pending');
CREATE INDEX raw_entry_by_item ON raw_entry (source_id, item_key);
CREATE INDEX raw_entry_by_article ON raw_entry (article_id);

-- Articles -----------------------------------------------------------------------------

-- stage: the next step that this article waits for (cluster, annotate, compare) or done.
-- intake: how its first entry came in; decides together with the dates what is news.
CREATE TABLE article (
    article_id          text PRIMARY KEY,
    article_no          integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    url                 text,
    url_key             text,
    version_no          integer NOT NULL DEFAULT 1,
    outlet_id           text REFERENCES outlet,
    language            text NOT NULL,
    published_at        timestamptz,
    published_raw       text,
    published_origin    text NOT NULL DEFAULT 'none',
    published_precision text NOT NULL DEFAULT 'none',
    published_date      date,
    modified_at         timestamptz,
    event_date          date,
    first_seen_at       timestamptz NOT NULL,
    dated_at            timestamptz NOT NULL,
    dated_origin        text NOT NULL,
    flags               text[] NOT NULL DEFAULT '{}',
    intake              text NOT NULL CHECK (intake IN ('feed', 'seed', 'archive')),
    story_id            text,
    relation            text CHECK (relation IN
                        ('original', 'exact', 'near', 'excerpt', 'version')),
    of_article_id       text,
    similarity          real,
    index_month         date NOT NULL,
    stage               text NOT NULL DEFAULT 'cluster'
                        CHECK (stage IN ('cluster', 'annotate', 'compare', 'done')),
    pending_cause       text,                  -- the cause that compare will write
    tombstoned          boolean NOT NULL DEFAULT false,
    merged_into         text REFERENCES article
);
CREATE INDEX article_open ON article (stage, article_no) WHERE stage <> 'done';
CREATE INDEX article_by_story ON article (story_id);
CREATE INDEX article_by_date ON article (dated_at);

CREATE TABLE article_key (
    key        text PRIMARY KEY,
    article_id text NOT NULL REFERENCES article,
    seen_at    timestamptz NOT NULL
);
CREATE INDEX article_key_by_article ON article_key (article_id);

CREATE TABLE article_source (
    article_id    text NOT NULL REFERENCES article,
    source_id     text NOT NULL REFERENCES source,
    item_key      text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    PRIMARY KEY (article_id, source_id)
);

CREATE TABLE article_version (
    article_id text NOT NULL,
    version_no integer NOT NULL,
    month      date NOT NULL,
    kind       text NOT NULL,
    title      text NOT NULL,
    body       text NOT NULL,
    authors    text[] NOT NULL DEFAULT '{}',
    agency     text,
    language   text NOT NULL,
    flags      text[] NOT NULL DEFAULT '{}',
    text_hash  text NOT NULL,
    extractor  text NOT NULL,
    rules      jsonb NOT NULL DEFAULT '{}',
    entry_id   text NOT NULL,
    seen_at    timestamptz NOT NULL,
    PRIMARY KEY (article_id, version_no, month)
) PARTITION BY RANGE (month);
CREATE TABLE article_version_default PARTITION OF article_version DEFAULT;
CREATE INDEX article_version_by_hash ON article_version (text_hash);

-- Stories ------------------------------------------------------------------------------

CREATE TABLE event (
    event_id    text PRIMARY KEY,
    founding    text NOT NULL,
    merged_into text REFERENCES event,
    created_at  timestamptz NOT NULL
);

CREATE TABLE story (
    story_id          text PRIMARY KEY,
    founding          text NOT NULL REFERENCES article,
    origin_article_id text NOT NULL REFERENCES article,
    merged_into       text REFERENCES story,
    repeat_of         text REFERENCES story,
    event_id          text REFERENCES event,
    first_dated_at    timestamptz NOT NULL,
    last_dated_at     timestamptz NOT NULL,
    created_at        timestamptz NOT NULL
);
ALTER TABLE article ADD FOREIGN KEY (story_id) REFERENCES story DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE article_signature (
    article_no integer NOT NULL,
    version_no integer NOT NULL,
    scheme     text NOT NULL,
    shingles   integer NOT NULL,
    signature  bytea NOT NULL,
    PRIMARY KEY (article_no, version_no)
);

CREATE TABLE story_band (
    hash       integer NOT NULL,
    article_no integer NOT NULL,
    day        date NOT NULL
) PARTITION BY RANGE (day);
CREATE TABLE story_band_default PARTITION OF story_band DEFAULT;
CREATE INDEX story_band_by_hash ON story_band (hash) INCLUDE (article_no);

CREATE TABLE story_decision (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('split', 'merge')),
    story_id    text NOT NULL,
    other_id    text NOT NULL,
    undone_at   timestamptz,
    decided_at  timestamptz NOT NULL,
    decided_by  text NOT NULL
);

-- Meaning ------------------------------------------------------------------------------

CREATE TABLE actor (
    actor_id   text PRIMARY KEY,
    kind       text NOT NULL,
    name       text NOT NULL,
    country    text,
    latitude   double precision,
    longitude  double precision,
    valid_from date,
    valid_to   date,
    origin     text NOT NULL DEFAULT 'list'
);

CREATE TABLE actor_alias (
    actor_id   text NOT NULL REFERENCES actor,
    alias      text NOT NULL,
    kind       text NOT NULL,
    valid_from date,
    valid_to   date,
    origin     text NOT NULL DEFAULT 'list',
    PRIMARY KEY (actor_id, alias)
);

CREATE TABLE actor_decision (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('alias', 'merge', 'split')),
    actor_id    text NOT NULL,
    value       text NOT NULL,
    undone_at   timestamptz,
    decided_at  timestamptz NOT NULL,
    decided_by  text NOT NULL
);

CREATE TABLE mention (
    article_id   text NOT NULL,
    version_no   integer NOT NULL,
    month        date NOT NULL,
    part         text NOT NULL CHECK (part IN ('title', 'body')),
    start_at     integer NOT NULL,
    end_at       integer NOT NULL,
    text         text NOT NULL,
    actor_id     text NOT NULL,
    meant_id     text,
    kind         text NOT NULL,
    name         text NOT NULL,
    country      text,
    via          text NOT NULL,
    rule_version text NOT NULL,
    PRIMARY KEY (article_id, version_no, part, start_at, end_at, actor_id, month)
) PARTITION BY RANGE (month);
CREATE TABLE mention_default PARTITION OF mention DEFAULT;
CREATE INDEX mention_by_actor ON mention (actor_id);

CREATE TABLE quote (
    article_id   text NOT NULL,
    version_no   integer NOT NULL,
    month        date NOT NULL,
    start_at     integer NOT NULL,
    end_at       integer NOT NULL,
    text         text NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('direct', 'indirect')),
    speaker_id   text,
    speaker_name text,
    speaker_text text,
    reporter     text,
    cue          text,
    rule_version text NOT NULL,
    PRIMARY KEY (article_id, version_no, start_at, end_at, month)
) PARTITION BY RANGE (month);
CREATE TABLE quote_default PARTITION OF quote DEFAULT;
CREATE INDEX quote_by_speaker ON quote (speaker_id);

CREATE TABLE relation (
    article_id   text NOT NULL,
    version_no   integer NOT NULL,
    month        date NOT NULL,
    start_at     integer NOT NULL,
    end_at       integer NOT NULL,
    source_id    text NOT NULL,
    kind         text NOT NULL,
    target_id    text NOT NULL,
    uncertain    boolean NOT NULL,
    rule_version text NOT NULL,
    PRIMARY KEY (article_id, version_no, start_at, end_at, source_id, kind, target_id)
);

CREATE TABLE article_topic (
    article_id   text NOT NULL,
    version_no   integer NOT NULL,
    topic_id     text NOT NULL,
    label        text NOT NULL,
    score        real NOT NULL,
    is_primary   boolean NOT NULL,
    rule_version text NOT NULL,
    PRIMARY KEY (article_id, version_no, topic_id)
);

-- Work list of indexing and matching -----------------------------------------------------

-- A row is inserted only by a transaction that holds its article's row lock, so that the
-- numbers of one article rise in the order of their commits: change_no is the external
-- version of the article's document.
CREATE TABLE article_change (
    change_no  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id text NOT NULL REFERENCES article,
    version_no integer NOT NULL,
    cause      text NOT NULL CHECK (cause IN
               ('new_article', 'new_version', 'late_annotation', 'alias_edit', 'merge', 'split',
                'reprocess', 'backfill', 'rebuild')),
    changed_at timestamptz NOT NULL,
    indexed_at timestamptz,
    index_error text,
    matched_at timestamptz
);
CREATE INDEX article_change_to_index ON article_change (change_no) WHERE indexed_at IS NULL;
CREATE INDEX article_change_to_match ON article_change (change_no) WHERE matched_at IS NULL;
CREATE INDEX article_change_by_article ON article_change (article_id, change_no);

CREATE TABLE index_generation (
    generation integer PRIMARY KEY,
    state      text NOT NULL CHECK (state IN ('building', 'current', 'old')),
    template   text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX index_generation_current ON index_generation (state) WHERE state = 'current';

-- Alerts -------------------------------------------------------------------------------

CREATE TABLE watch (
    watch_id     text PRIMARY KEY,
    kind         text NOT NULL DEFAULT 'watch' CHECK (kind IN ('watch', 'topic')),
    name         text NOT NULL,
    owner        text NOT NULL,
    query        text NOT NULL,
    languages    text[] NOT NULL DEFAULT '{}',
    unit         text NOT NULL DEFAULT 'story' CHECK (unit IN ('story', 'event')),
    news         text[] NOT NULL DEFAULT '{new}',
    active       boolean NOT NULL DEFAULT true,
    active_since timestamptz NOT NULL,
    expires      timestamptz,
    paused_until timestamptz,
    failure      text,
    removed      boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL
);

CREATE TABLE recipient (
    recipient_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address      text NOT NULL UNIQUE,
    language     text NOT NULL DEFAULT 'en',
    zone         text NOT NULL DEFAULT 'UTC'
);

CREATE TABLE subscription (
    watch_id      text NOT NULL REFERENCES watch,
    recipient_id  bigint NOT NULL REFERENCES recipient,
    mode          text NOT NULL CHECK (mode IN ('instant', 'digest', 'both')),
    max_per_hour  integer,
    quiet         text[] NOT NULL DEFAULT '{}',
    digest_times  text[] NOT NULL DEFAULT '{}',
    digest_days   text[] NOT NULL DEFAULT '{}',
    empty_digest  boolean NOT NULL DEFAULT false,
    unsubscribed_at timestamptz,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (watch_id, recipient_id)
);

CREATE TABLE mute (
    watch_id     text NOT NULL,
    recipient_id bigint NOT NULL REFERENCES recipient,
    story_id     text NOT NULL,
    muted_at     timestamptz NOT NULL,
    PRIMARY KEY (watch_id, recipient_id, story_id)
);

CREATE TABLE feedback (
    feedback_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    watch_id     text NOT NULL,
    recipient_id bigint NOT NULL REFERENCES recipient,
    unit_id      text NOT NULL,
    verdict      text NOT NULL,
    given_at     timestamptz NOT NULL
);

CREATE TABLE match (
    match_id       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    watch_id       text NOT NULL REFERENCES watch,
    unit           text NOT NULL CHECK (unit IN ('story', 'event', 'watch')),
    unit_id        text NOT NULL,
    cause_key      text NOT NULL,
    article_id     text NOT NULL,
    version_no     integer NOT NULL,
    reason         jsonb NOT NULL,
    state          text NOT NULL CHECK (state IN ('live', 'suppressed')),
    suppressed_why text,
    matched_at     timestamptz NOT NULL,
    live_at        timestamptz,
    queued_at      timestamptz,                -- when its deliveries were written
    PRIMARY KEY (watch_id, unit, unit_id, cause_key)
);
CREATE INDEX match_by_unit ON match (unit, unit_id);
CREATE INDEX match_to_queue ON match (match_id) WHERE state = 'live' AND queued_at IS NULL;

-- state: queued, sending, sent, refused, uncertain, suppressed, expired
CREATE TABLE delivery (
    delivery_id     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    recipient_id    bigint NOT NULL REFERENCES recipient,
    kind            text NOT NULL CHECK (kind IN ('instant', 'digest')),
    slot            text NOT NULL,
    state           text NOT NULL CHECK (state IN
                    ('queued', 'sending', 'sent', 'refused', 'uncertain', 'suppressed', 'expired')),
    attempt         integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    claimed_until   timestamptz,
    message_id      text NOT NULL,
    subject         text,
    smtp_answer     text,
    message         bytea,
    queued_at       timestamptz NOT NULL,
    sent_at         timestamptz,
    resolved_by     text,
    PRIMARY KEY (recipient_id, kind, slot)
);
CREATE INDEX delivery_open ON delivery (next_attempt_at) WHERE state IN ('queued', 'sending');

-- told_in: the digest that told it, for what no instant mail told
CREATE TABLE delivery_match (
    recipient_id bigint NOT NULL,
    kind         text NOT NULL,
    slot         text NOT NULL,
    match_id     bigint NOT NULL REFERENCES match (match_id),
    state        text NOT NULL CHECK (state IN ('told', 'already_told')),
    PRIMARY KEY (recipient_id, kind, slot, match_id),
    FOREIGN KEY (recipient_id, kind, slot) REFERENCES delivery
);
CREATE INDEX delivery_match_by_match ON delivery_match (match_id);

-- Keeping, forgetting, replaying ---------------------------------------------------------

CREATE TABLE tombstone (
    keyed_hash text PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('article', 'name', 'source')),
    buried_at  timestamptz NOT NULL
);

CREATE TABLE reprocess_run (
    run_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stage       text NOT NULL,
    since       timestamptz NOT NULL,
    rules       jsonb NOT NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    summary     jsonb
);

CREATE TABLE export_run (
    run_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    query      text NOT NULL,
    rules      jsonb NOT NULL,
    checksum   text,
    started_at timestamptz NOT NULL
);

-- One row per entry of a file that a person keeps: imported again only when its own text
-- changed (origin_hash); db_hash is the entry as the import wrote it, so that an edit in
-- the database is seen.
CREATE TABLE import_entry (
    file        text NOT NULL,
    entry_id    text NOT NULL,
    origin_hash text NOT NULL,
    db_hash     text NOT NULL,
    imported_at timestamptz NOT NULL,
    PRIMARY KEY (file, entry_id)
);
