#!/bin/bash
# The password of Kibana's own user, and the users of mediawatch and of the readers of Kibana.
set -euo pipefail

for name in ELASTIC_PASSWORD KIBANA_PASSWORD KIBANA_READER_PASSWORD MEDIAWATCH_ELASTICSEARCH_PASSWORD; do
    if [[ ! ${!name} =~ ^[A-Za-z0-9]{6,}$ ]]; then
        echo "$name in .env: use letters and digits only, six or more" >&2
        exit 1
    fi
done

ask() { # method, path, body
    curl -fsS -u "elastic:$ELASTIC_PASSWORD" -H 'Content-Type: application/json' \
        -X "$1" "http://elasticsearch:9200$2" -d "$3"
    echo
}

ask POST /_security/user/kibana_system/_password "{\"password\": \"$KIBANA_PASSWORD\"}"
ask PUT /_security/role/mediawatch '{
    "cluster": ["monitor", "manage_index_templates"],
    "indices": [{"names": ["mw-*", "mediawatch-*"], "privileges": ["all"]}]
}'
ask PUT /_security/user/mediawatch \
    "{\"password\": \"$MEDIAWATCH_ELASTICSEARCH_PASSWORD\", \"roles\": [\"mediawatch\"]}"
ask PUT /_security/user/reader \
    "{\"password\": \"$KIBANA_READER_PASSWORD\", \"roles\": [\"viewer\"]}"
