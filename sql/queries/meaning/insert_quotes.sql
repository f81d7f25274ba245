INSERT INTO quote (article_id, version_no, month, start_at, end_at, text, kind, speaker_id,
    speaker_name, speaker_text, reporter, cue, rule_version)
VALUES %s
ON CONFLICT DO NOTHING;
