COPY staged_actor (actor_id, kind, name, country, latitude, longitude) FROM STDIN;
