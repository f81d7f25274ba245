DELETE FROM "fetch" WHERE fetch_id = %(id)s::bigint;
