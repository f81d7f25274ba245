UPDATE source SET removed = true WHERE source_id = %(source_id)s;
