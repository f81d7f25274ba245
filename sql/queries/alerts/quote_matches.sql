-- Which of these quotations these watches told already, in whichever story.
SELECT DISTINCT watch_id, cause_key FROM match
WHERE state = 'live' AND watch_id = ANY(%(watch_ids)s) AND cause_key = ANY(%(cause_keys)s);
