SELECT generation, state, template, built_to FROM index_generation ORDER BY generation
