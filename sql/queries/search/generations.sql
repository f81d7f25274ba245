SELECT generation, state, template FROM index_generation ORDER BY generation
