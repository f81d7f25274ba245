-- Making articles again from their raw entries: walked in the order in which they came.
CREATE INDEX raw_entry_by_time ON raw_entry (first_seen_at, entry_id);
