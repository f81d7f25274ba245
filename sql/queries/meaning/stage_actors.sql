CREATE TEMPORARY TABLE staged_actor (
    actor_id  text,
    kind      text,
    name      text,
    country   text,
    latitude  double precision,
    longitude double precision
) ON COMMIT DROP;
