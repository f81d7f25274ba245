DELETE FROM article_topic AS t
USING unnest(%(article_ids)s::text[], %(version_nos)s::integer[], %(topic_ids)s::text[])
    AS lost (article_id, version_no, topic_id)
WHERE t.article_id = lost.article_id AND t.version_no = lost.version_no
  AND t.topic_id = lost.topic_id
