-- Every article of some root stories, with those of the stories merged into them.
WITH RECURSIVE family AS (
    SELECT story_id AS root_id, story_id FROM story WHERE story_id = ANY(%(root_ids)s)
    UNION ALL
    SELECT family.root_id, s.story_id
    FROM family JOIN story s ON s.merged_into = family.story_id
)
SELECT family.root_id, a.article_id, a.article_no, a.story_id, a.outlet_id, a.url, a.dated_at, a.relation,
       a.of_article_id, a.similarity, a.flags, v.title, v.agency
FROM family
JOIN article a ON a.story_id = family.story_id
JOIN article_version v ON v.article_id = a.article_id AND v.version_no = a.version_no
    AND v.month = a.index_month
WHERE a.merged_into IS NULL AND NOT a.tombstoned
ORDER BY family.root_id, a.dated_at, a.article_no;
