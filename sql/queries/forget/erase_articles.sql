-- Everything that hidden articles say, unless it is held; how many rows of each place.
WITH free AS (
    SELECT article_id, article_no FROM article
    WHERE article_id = ANY(%(article_ids)s) AND tombstoned
      AND article_id NOT IN (SELECT article_id FROM held_article)
), articles AS (
    UPDATE article a SET url = NULL, url_key = NULL, published_raw = NULL
    FROM free WHERE a.article_id = free.article_id
      AND (a.url IS NOT NULL OR a.url_key IS NOT NULL OR a.published_raw IS NOT NULL) RETURNING 1
), versions AS (
    UPDATE article_version v SET title = '', body = '', authors = '{}', agency = NULL, text_hash = ''
    FROM free WHERE v.article_id = free.article_id AND (v.title <> '' OR v.body <> '') RETURNING 1
), mentions AS (
    DELETE FROM mention m USING free WHERE m.article_id = free.article_id RETURNING 1
), quotes AS (
    DELETE FROM quote q USING free WHERE q.article_id = free.article_id RETURNING 1
), relations AS (
    DELETE FROM relation r USING free WHERE r.article_id = free.article_id RETURNING 1
), topics AS (
    DELETE FROM article_topic t USING free WHERE t.article_id = free.article_id RETURNING 1
), keys AS (
    DELETE FROM article_key k USING free WHERE k.article_id = free.article_id RETURNING 1
), signatures AS (
    DELETE FROM article_signature s USING free WHERE s.article_no = free.article_no RETURNING 1
), sources AS (
    UPDATE article_source s SET item_key = '' FROM free
    WHERE s.article_id = free.article_id AND s.item_key <> '' RETURNING 1
), reasons AS (
    UPDATE match m
    SET reason = '{"part": "body", "sentence": "", "marks": [], "start": 0, "clauses": []}'
    FROM free WHERE m.article_id = free.article_id AND m.reason->>'sentence' <> '' RETURNING 1
)
SELECT (SELECT count(*) FROM versions) AS versions, (SELECT count(*) FROM mentions) AS mentions,
       (SELECT count(*) FROM quotes) AS quotes, (SELECT count(*) FROM relations) AS relations,
       (SELECT count(*) FROM topics) AS topics, (SELECT count(*) FROM keys) AS keys,
       (SELECT count(*) FROM reasons) AS reasons_of_matches;
