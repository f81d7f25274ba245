-- Rows as the stages would have written them, made inside the database.
-- %(count)s is the number of articles.

INSERT INTO outlet (outlet_id, name, tier)
    SELECT 'outlet' || n || '.example', 'Outlet ' || n, n %% 3 + 1
    FROM generate_series(0, 199) n;

INSERT INTO source (source_id, kind, url, title, state, next_fetch_at, created_at)
    SELECT 's' || n, 'feed', 'http://feed' || n || '.example/', 'Feed ' || n,
    CASE WHEN n %% 17 = 0 THEN 'failing' ELSE 'fine' END, now(), now()
    FROM generate_series(0, 199) n;

INSERT INTO "fetch" (source_id, started_at, finished_at, url, outcome, entries, new)
    SELECT 's' || n %% 200, at, at, 'http://feed.example/',
    CASE WHEN n %% 17 = 0 THEN 'timeout' ELSE 'unchanged' END, 20, n %% 3
    FROM generate_series(1, 200000) n,
    LATERAL (SELECT now() - n * interval '6 s' AS at) t;

INSERT INTO event (event_id, founding, created_at)
    SELECT 'u:' || lpad(n::text, 8, '0'), 'x', now()
    FROM generate_series(0, %(count)s - 1) n;

SET CONSTRAINTS ALL DEFERRED;

INSERT INTO article (article_id, url, outlet_id, language, published_at, published_precision, first_seen_at, dated_at, dated_origin, intake, relation, index_month, stage)
    SELECT 'u:' || lpad(n::text, 8, '0'), 'http://outlet' || n %% 200 || '.example/' || n, 'outlet' || n %% 200 || '.example', 'en', at, 'minute', at, at, 'feed', 'feed',
    CASE WHEN n %% 3 = 1 THEN 'near' ELSE 'original' END, date_trunc('month', at), 'done'
    FROM generate_series(0, %(count)s - 1) n,
    LATERAL (SELECT now() - n * interval '26 s' AS at) t;

INSERT INTO story (story_id, founding, origin_article_id, event_id, first_dated_at, last_dated_at, created_at)
    SELECT article_id, article_id, article_id, article_id, dated_at, dated_at, dated_at
    FROM article WHERE relation = 'original';

UPDATE article SET story_id =
    CASE WHEN relation = 'original' THEN article_id ELSE 'u:' || lpad((substr(article_id, 3)::int - 1)::text, 8, '0') END;

INSERT INTO article_version (article_id, version_no, month, kind, title, body, language, text_hash, extractor, entry_id, seen_at)
    SELECT article_id, 1, index_month, 'first', 'Headline ' || article_id, repeat('Words of ' || article_id || ' that go on. ', 30), 'en', md5(article_id), 'feed', 'e', first_seen_at
    FROM article;

INSERT INTO mention (article_id, version_no, month, part, start_at, end_at, text, actor_id, kind, name, via, rule_version)
    SELECT article_id, 1, index_month, 'body', k, k + 5, 'Actor', 'Q' || (article_no * 7 + k) %% 500, 'person', 'Actor', 'name', '1'
    FROM article, generate_series(0, 4) k;

INSERT INTO quote (article_id, version_no, month, start_at, end_at, text, kind, speaker_id, speaker_name, rule_version)
    SELECT article_id, 1, index_month, 0, 9, 'I said so', 'direct', 'Q' || article_no %% 500, 'Actor', '1'
    FROM article;

INSERT INTO article_change (article_id, version_no, cause, changed_at, indexed_at, matched_at)
    SELECT article_id, 1, 'new_article', first_seen_at, now(), now()
    FROM article;

INSERT INTO actor (actor_id, kind, name)
    SELECT 'Q' || n, 'person', 'Actor ' || n
    FROM generate_series(0, 499) n;

INSERT INTO raw_entry (entry_id, month, source_id, item_key, payload, first_seen_at, state, code)
    SELECT 'e' || n, date_trunc('month', at), 's' || n %% 200, n::text, '{}', at,
    CASE WHEN n %% 20 = 0 THEN 'rejected' ELSE 'article' END, 'consent_wall'
    FROM generate_series(1, %(count)s) n,
    LATERAL (SELECT now() - n * interval '26 s' AS at) t;

INSERT INTO watch (watch_id, name, owner, query, active_since, created_at)
    SELECT 'w' || n, 'Watch ' || n, 'desk@example.org', 'bako OR riten', now(), now()
    FROM generate_series(1, 100) n;

INSERT INTO recipient (address)
    SELECT 'r' || n || '@example.org'
    FROM generate_series(1, 20) n;

INSERT INTO subscription (watch_id, recipient_id, mode, created_at)
    SELECT 'w' || n, n %% 20 + 1, 'instant', now()
    FROM generate_series(1, 100) n;

INSERT INTO match (watch_id, unit, unit_id, cause_key, article_id, version_no, reason, state, matched_at, queued_at)
    SELECT 'w' || article_no %% 100 + 1, 'story', story_id, 'new', article_id, 1, '{}', 'live', first_seen_at, now()
    FROM article WHERE article_no %% 10 = 0;

INSERT INTO delivery (recipient_id, kind, slot, state, next_attempt_at, message_id, subject, queued_at, sent_at)
    SELECT article_no %% 20 + 1, 'instant', 'story:' || story_id || ':new', 'sent', now(), 'm', 'A mail', first_seen_at, first_seen_at + interval '20 s'
    FROM article WHERE article_no %% 10 = 0;

INSERT INTO delivery_match
    SELECT d.recipient_id, d.kind, d.slot, m.match_id, 'told'
    FROM delivery d JOIN match m ON d.slot = 'story:' || m.unit_id || ':new';
