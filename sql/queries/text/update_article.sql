-- A date of the last change that stands in for a missing date of publication does not move it.
-- An article that still waits for its first announcement keeps that cause; one that is only
-- made again does not hide what is new.
UPDATE article
SET version_no = %(version_no)s,
    url = coalesce(%(url)s, url),
    url_key = coalesce(%(url_key)s, url_key),
    outlet_id = coalesce(%(outlet_id)s, outlet_id),
    language = %(language)s,
    published_at = CASE WHEN %(published_at)s = %(modified_at)s
        THEN coalesce(published_at, %(published_at)s) ELSE coalesce(%(published_at)s, published_at) END,
    published_raw = CASE WHEN %(published_at)s = %(modified_at)s
        THEN coalesce(published_raw, %(published_raw)s) ELSE coalesce(%(published_raw)s, published_raw) END,
    published_origin = CASE
        WHEN %(published_at)s IS NULL OR (%(published_at)s = %(modified_at)s AND published_at IS NOT NULL)
        THEN published_origin ELSE %(published_origin)s END,
    published_precision = CASE
        WHEN %(published_at)s IS NULL OR (%(published_at)s = %(modified_at)s AND published_at IS NOT NULL)
        THEN published_precision ELSE %(published_precision)s END,
    published_date = CASE WHEN %(published_at)s = %(modified_at)s
        THEN coalesce(published_date, %(published_date)s) ELSE coalesce(%(published_date)s, published_date) END,
    modified_at = coalesce(%(modified_at)s, modified_at),
    event_date = coalesce(%(event_date)s, event_date),
    flags = %(flags)s,
    stage = 'cluster',
    pending_cause = CASE WHEN stage <> 'done' AND pending_cause <> 'reprocess' THEN pending_cause
                         ELSE %(cause)s END
WHERE article_id = %(article_id)s
