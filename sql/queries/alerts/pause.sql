-- Past pauses stay: what was found in them is not told later.
UPDATE subscription
SET paused = paused - tstzmultirange(tstzrange(%(now)s, NULL))
           + tstzmultirange(tstzrange(%(now)s, %(until)s))
WHERE watch_id = %(watch_id)s AND recipient_id = %(recipient_id)s;
