UPDATE event_count SET stories = stories + %(stories)s RETURNING stories;
