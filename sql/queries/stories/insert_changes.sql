INSERT INTO article_change (article_id, version_no, cause, changed_at) VALUES %s;
