INSERT INTO article_version (
    article_id, version_no, month, kind, title, body, authors, agency, language, flags,
    text_hash, extractor, rules, entry_id, seen_at)
VALUES (
    %(article_id)s, %(version_no)s, %(month)s, %(kind)s, %(title)s, %(body)s, %(authors)s,
    %(agency)s, %(language)s, %(flags)s, %(text_hash)s, %(extractor)s, %(rules)s,
    %(entry_id)s, %(seen_at)s)
