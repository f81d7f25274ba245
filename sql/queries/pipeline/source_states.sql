SELECT source_id, kind, title, url, state, state_reason
FROM source
WHERE NOT removed
ORDER BY kind, source_id;
