UPDATE index_generation SET state = %(state)s WHERE generation = %(generation)s
