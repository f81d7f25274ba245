INSERT INTO article_topic (article_id, version_no, topic_id, label, score, is_primary, rule_version)
VALUES %s
ON CONFLICT (article_id, version_no, topic_id) DO UPDATE
SET label = EXCLUDED.label, rule_version = EXCLUDED.rule_version
