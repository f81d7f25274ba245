-- When a reader wanted to hear nothing of a watch, past and to come: what was found in these
-- times is never told to them.
ALTER TABLE subscription ADD COLUMN paused tstzmultirange NOT NULL DEFAULT '{}';

-- A reader has one verdict on a story, however often the link is followed.
CREATE UNIQUE INDEX feedback_once ON feedback (watch_id, recipient_id, unit_id);
