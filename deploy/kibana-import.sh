#!/bin/sh
# Data view, dashboard and saved searches into Kibana. Only this container knows the password of
# the user who may write them.
set -eu
export MEDIAWATCH_KIBANA_URL="http://elastic:$ELASTIC_PASSWORD@kibana:5601"
exec mediawatch kibana sync
