WITH hold AS (
    INSERT INTO legal_hold (reason, source_id, placed_by, placed_at)
    VALUES (%(reason)s, %(source_id)s, %(by)s, %(now)s)
    RETURNING hold_id
), articles AS (
    INSERT INTO legal_hold_article (hold_id, article_id)
    SELECT hold.hold_id, unnest(%(article_ids)s::text[]) FROM hold
)
SELECT hold_id FROM hold;
