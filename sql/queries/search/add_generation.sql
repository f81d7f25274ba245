INSERT INTO index_generation (generation, state, template, created_at)
SELECT greatest(max(generation), %(above)s) + 1, %(state)s, %(template)s, %(now)s
FROM index_generation
RETURNING generation
