-- Mentions, quotations and relations of these actors go, and the mentions of what is black now;
-- quotations of others say what the text says now.
WITH mentions AS (
    DELETE FROM mention m USING article_version v
    WHERE m.article_id = ANY(%(article_ids)s) AND v.article_id = m.article_id
      AND v.version_no = m.version_no AND v.month = m.month
      AND (m.actor_id = ANY(%(actor_ids)s) OR m.meant_id = ANY(%(actor_ids)s)
           OR strpos(substr(CASE m.part WHEN 'title' THEN v.title ELSE v.body END,
                            m.start_at + 1, m.end_at - m.start_at), %(black)s) > 0)
    RETURNING 1
), spoken AS (
    DELETE FROM quote q
    WHERE q.article_id = ANY(%(article_ids)s)
      AND (q.speaker_id = ANY(%(actor_ids)s)
           OR folded(concat_ws(' ', q.speaker_name, q.speaker_text, q.reporter))
              LIKE ANY(%(patterns)s))
    RETURNING 1
), quoting AS (
    UPDATE quote q SET text = substr(v.body, q.start_at + 1, q.end_at - q.start_at)
    FROM article_version v
    WHERE q.article_id = ANY(%(article_ids)s) AND v.article_id = q.article_id
      AND v.version_no = q.version_no AND v.month = q.month
      AND NOT coalesce(q.speaker_id = ANY(%(actor_ids)s), false)
      AND strpos(substr(v.body, q.start_at + 1, q.end_at - q.start_at), %(black)s) > 0
    RETURNING 1
), relations AS (
    DELETE FROM relation r
    WHERE r.article_id = ANY(%(article_ids)s)
      AND (r.source_id = ANY(%(actor_ids)s) OR r.target_id = ANY(%(actor_ids)s))
    RETURNING 1
)
SELECT (SELECT count(*) FROM mentions) AS mentions,
       (SELECT count(*) FROM spoken) + (SELECT count(*) FROM quoting) AS quotes,
       (SELECT count(*) FROM relations) AS relations;
