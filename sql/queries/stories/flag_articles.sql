-- Say something of some articles that is not said yet.
UPDATE article SET flags = article.flags || %(flag)s::text
WHERE article_id = ANY(%(article_ids)s) AND NOT %(flag)s::text = ANY(article.flags);
