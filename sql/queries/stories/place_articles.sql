UPDATE article SET story_id = m.story_id, relation = m.relation, of_article_id = m.of_article_id,
                   similarity = m.similarity
FROM (VALUES %s) AS m (article_id, story_id, relation, of_article_id, similarity)
WHERE article.article_id = m.article_id;
