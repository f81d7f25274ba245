COPY staged_actor (actor_id, kind, name, country) FROM STDIN;
