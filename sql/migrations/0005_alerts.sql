-- What the alerts room looks for: the members of an event, and the watches of a reader.
CREATE INDEX story_by_event ON story (event_id);
CREATE INDEX event_by_merged_into ON event (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX subscription_by_recipient ON subscription (recipient_id);
