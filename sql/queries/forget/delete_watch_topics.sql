DELETE FROM article_topic WHERE topic_id = %(id)s;
