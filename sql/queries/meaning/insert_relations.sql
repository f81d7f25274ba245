INSERT INTO relation (article_id, version_no, month, start_at, end_at, source_id, kind, target_id,
    uncertain, rule_version)
VALUES %s
ON CONFLICT DO NOTHING;
