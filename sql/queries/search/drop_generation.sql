DELETE FROM index_generation WHERE generation = %(generation)s
