INSERT INTO article_signature (article_no, version_no, scheme, shingles, signature) VALUES %s
ON CONFLICT DO NOTHING;
