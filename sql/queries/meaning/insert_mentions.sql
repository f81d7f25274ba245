INSERT INTO mention (article_id, version_no, month, part, start_at, end_at, text, actor_id,
    meant_id, kind, name, country, via, rule_version)
VALUES %s
ON CONFLICT DO NOTHING;
