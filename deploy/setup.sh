#!/bin/sh
# What has to be there before Airflow starts; safe to run again, as it is after each update.
set -eu
: "${AIRFLOW_USER:?set it in .env}" "${AIRFLOW_PASSWORD:?set it in .env}"

airflow db migrate
airflow users create --role Admin --username "$AIRFLOW_USER" --password "$AIRFLOW_PASSWORD" \
    --firstname Media --lastname Watch --email "$AIRFLOW_USER@localhost"
# A user who was there already keeps the old password; .env decides.
airflow users reset-password --username "$AIRFLOW_USER" --password "$AIRFLOW_PASSWORD"
python /opt/mediawatch/deploy/prepare.py
