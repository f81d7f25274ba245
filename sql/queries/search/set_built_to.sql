UPDATE index_generation SET built_to = %(built_to)s WHERE generation = %(generation)s
