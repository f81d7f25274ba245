-- How far a rebuild has come: the last article written to its generation.
ALTER TABLE index_generation ADD COLUMN built_to text NOT NULL DEFAULT '';
