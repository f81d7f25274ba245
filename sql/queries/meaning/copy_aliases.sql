COPY staged_alias (actor_id, alias, kind) FROM STDIN;
