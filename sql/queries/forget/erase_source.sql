-- The row stays for what points at it; nothing in it says which source it was.
UPDATE source
SET removed = true, paused = true, url = 'forgotten:' || source_id, title = '', tags = '{}', etag = NULL,
    state_reason = NULL, moved_to = NULL, last_modified = NULL
WHERE source_id = %(source_id)s;
