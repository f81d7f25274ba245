-- Events ---------------------------------------------------------------------------------

-- What is known of an event: the sum of its stories' vectors (stories/events.py), and the days
-- that it reaches over. One that was merged has none.
CREATE TABLE event_profile (
    event_id  text PRIMARY KEY REFERENCES event,
    event_no  integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    stories   integer NOT NULL,
    first_day date NOT NULL,
    last_day  date NOT NULL,
    terms     bigint[] NOT NULL,
    weights   real[] NOT NULL
);

-- By which terms events are looked up; day is that of the story that brought the term.
CREATE TABLE event_term (
    term     bigint NOT NULL,
    day      date NOT NULL,
    event_no integer NOT NULL,
    PRIMARY KEY (term, day, event_no)
);

-- How many stories hold a term, of how many stories.
CREATE TABLE event_rarity (
    term    bigint PRIMARY KEY,
    stories integer NOT NULL
);
CREATE TABLE event_count (
    stories bigint NOT NULL
);
INSERT INTO event_count VALUES (0);

-- Stories --------------------------------------------------------------------------------

-- Why the origin is the origin: agency, outlet, earliest (stories/origins.py).
ALTER TABLE story ADD COLUMN origin_reason text NOT NULL DEFAULT 'earliest';

-- The articles that a person took out of a story.
ALTER TABLE story_decision ADD COLUMN article_ids text[] NOT NULL DEFAULT '{}';
CREATE INDEX story_decision_standing ON story_decision (story_id) WHERE undone_at IS NULL;

-- Articles whose page is gone (404 or 410), and since when; one that comes back leaves it.
CREATE TABLE article_missing (
    article_id       text PRIMARY KEY REFERENCES article,
    first_missing_at timestamptz NOT NULL
);

-- Bands lie in months of days: a key is looked up 30 days back and forth, and each partition
-- costs a step in an index of its own.
CREATE OR REPLACE FUNCTION make_partitions(today date) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    made integer := 0;
    parent text;
    month date;
BEGIN
    FOREACH parent IN ARRAY ARRAY['raw_entry', 'raw_body', 'article_version', 'mention', 'quote',
                                  'story_band'] LOOP
        FOR offset_months IN (CASE parent WHEN 'story_band' THEN -1 ELSE 0 END)..2 LOOP
            month := (date_trunc('month', today) + make_interval(months => offset_months))::date;
            made := made + make_partition(parent, month, (month + interval '1 month')::date)::integer;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;

-- Paragraphs at the ends of an outlet's texts (a hash of each), with up to three stories that
-- had them: three make it a line that the outlet puts on everything (stories/boilerplate.py).
CREATE TABLE outlet_line (
    outlet_id text NOT NULL REFERENCES outlet ON DELETE CASCADE,
    line      bigint NOT NULL,
    stories   text[] NOT NULL,
    seen_on   date NOT NULL,
    PRIMARY KEY (outlet_id, line)
);
CREATE INDEX outlet_line_by_day ON outlet_line (seen_on);
