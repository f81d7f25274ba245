-- Which article stands for a content on a day: of texts that the comparing cannot tell apart,
-- one a day has keys in story_band, however many copies there are.
CREATE TABLE story_content (
    content    text NOT NULL,
    day        date NOT NULL,
    article_no integer NOT NULL,
    PRIMARY KEY (content, day)
);
CREATE INDEX story_content_by_article ON story_content (article_no);

-- Articles whose list of candidates was cut: only the most alike were compared.
CREATE TABLE story_capped (
    article_id text NOT NULL REFERENCES article,
    capped_at  timestamptz NOT NULL
);
