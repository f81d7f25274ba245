-- Unlike an update from outside, what the rules no longer find goes; first seen never moves.
UPDATE article
SET version_no = %(version_no)s, url = %(url)s, url_key = %(url_key)s,
    outlet_id = coalesce(%(outlet_id)s, outlet_id), language = %(language)s,
    published_at = %(published_at)s, published_raw = %(published_raw)s,
    published_origin = %(published_origin)s, published_precision = %(published_precision)s,
    published_date = %(published_date)s, modified_at = %(modified_at)s,
    event_date = %(event_date)s, dated_at = %(dated_at)s, dated_origin = %(dated_origin)s,
    flags = %(flags)s, stage = 'cluster', pending_cause = 'reprocess'
WHERE article_id = %(article_id)s;
