-- The kept mails that told a story in which one of these articles stood.
SELECT DISTINCT d.delivery_id
FROM article a
JOIN article other ON other.article_id = a.article_id OR other.story_id = a.story_id
JOIN match m ON m.article_id = other.article_id
JOIN delivery_match dm USING (match_id)
JOIN delivery d USING (recipient_id, kind, slot)
WHERE a.article_id = ANY(%(article_ids)s) AND (d.message IS NOT NULL OR d.subject IS NOT NULL)
ORDER BY 1;
