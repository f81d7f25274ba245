-- Lists of lists, archives and folders: what was read of them, so that a reading goes on where
-- the last one ended.

-- The sitemaps of a sitemap index. is_past: listed when the index was first read, so that what
-- it holds without a date is no news. next_fetch_at is null while nothing is to be read.
CREATE TABLE sitemap_part (
    source_id     text NOT NULL REFERENCES source,
    url           text NOT NULL,
    depth         smallint NOT NULL,
    changed       text,                        -- lastmod, as it stood
    is_past       boolean NOT NULL,
    etag          text,
    last_modified text,
    body_sha256   text,
    outcome       text,                        -- of the last reading, a fetch or rejection code
    message       text,
    failures      integer NOT NULL DEFAULT 0,
    next_fetch_at timestamptz,
    claimed_until timestamptz,
    read_at       timestamptz,
    PRIMARY KEY (source_id, url)
);
CREATE INDEX sitemap_part_due ON sitemap_part (next_fetch_at) WHERE next_fetch_at IS NOT NULL;

-- One reading of a file, or of a feed's past, that is taken in piece by piece: where to go on.
-- head is a hash of the file's beginning and its size, so that another file of the same name
-- is read from its start.
CREATE TABLE archive_position (
    source_id text NOT NULL REFERENCES source,
    name      text NOT NULL,                   -- the path below the archive, or an address
    head      text NOT NULL,
    place     text NOT NULL,                   -- a byte offset, or the next address
    records   bigint NOT NULL DEFAULT 0,
    done      boolean NOT NULL DEFAULT false,
    moved_at  timestamptz NOT NULL,
    PRIMARY KEY (source_id, name)
);

-- What a folder holds now, item by item: a text that comes back after another one is a change.
-- A file of many items has a row of its own too, with an empty file: a hash of the whole.
CREATE TABLE seed_item (
    source_id  text NOT NULL REFERENCES source,
    item_key   text NOT NULL,
    file       text NOT NULL,                  -- the file it stands in
    sha256     text NOT NULL,
    revision   integer NOT NULL DEFAULT 0,     -- how many other contents it had before
    changed_at timestamptz NOT NULL,
    gone_at    timestamptz,
    PRIMARY KEY (source_id, item_key)
);

-- With what a body came and what read it, so that it can be read again; and what its publisher
-- asks machines not to do with it (noindex, tdm-reservation and others).
ALTER TABLE raw_body
    ADD COLUMN headers jsonb,
    ADD COLUMN parser text,
    ADD COLUMN opt_outs text[] NOT NULL DEFAULT '{}';
