INSERT INTO article (
    article_id, url, url_key, outlet_id, language,
    published_at, published_raw, published_origin, published_precision, published_date,
    modified_at, event_date, first_seen_at, dated_at, dated_origin, flags, intake,
    index_month, stage, pending_cause)
VALUES (
    %(article_id)s, %(url)s, %(url_key)s, %(outlet_id)s, %(language)s,
    %(published_at)s, %(published_raw)s, %(published_origin)s, %(published_precision)s,
    %(published_date)s, %(modified_at)s, %(event_date)s, %(first_seen_at)s, %(dated_at)s,
    %(dated_origin)s, %(flags)s, %(intake)s, %(index_month)s, 'cluster', %(cause)s)
