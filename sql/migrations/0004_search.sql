-- What the search room looks for: the months that articles lie in, and the stories that were
-- merged into another.
CREATE INDEX article_by_index_month ON article (index_month);
CREATE INDEX story_by_merged_into ON story (merged_into) WHERE merged_into IS NOT NULL;
