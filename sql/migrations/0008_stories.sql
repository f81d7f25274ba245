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
