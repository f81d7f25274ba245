-- The headline stays, and what is known of the article; its hash too, so that the same text is
-- not taken for a new version.
WITH versions AS (
    UPDATE article_version SET body = '' WHERE article_id = ANY(%(article_ids)s) RETURNING 1
), quotes AS (
    DELETE FROM quote WHERE article_id = ANY(%(article_ids)s)
), mentions AS (
    DELETE FROM mention WHERE article_id = ANY(%(article_ids)s) AND part = 'body'
), entries AS (
    UPDATE raw_entry SET payload = '{}'
    WHERE article_id = ANY(%(article_ids)s) AND state NOT IN ('wanted', 'pending')
)
SELECT count(*) AS versions FROM versions;
