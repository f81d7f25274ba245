SELECT drop_raw_bodies(%(before)s) AS dropped;
