-- What a good reading taught of a source.
UPDATE source
SET rhythm = coalesce(%(rhythm)s, rhythm), least_seconds = %(least_seconds)s,
    moved_to = %(moved_to)s, moved_seen = %(moved_seen)s
WHERE source_id = %(source_id)s;
