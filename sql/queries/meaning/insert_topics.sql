INSERT INTO article_topic (article_id, version_no, topic_id, label, score, is_primary, rule_version)
VALUES %s
ON CONFLICT DO NOTHING;
