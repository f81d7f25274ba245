SELECT head, place, records, done
FROM archive_position
WHERE source_id = %(source_id)s AND name = %(name)s;
