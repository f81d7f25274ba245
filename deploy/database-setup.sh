#!/bin/sh
# A database with a user of its own for mediawatch and for Airflow. Changes a password when .env did.
set -eu

make() {
    psql --dbname=postgres --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=name="$1" --set=password="$2" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'name')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SQL
}

make mediawatch "$MEDIAWATCH_DATABASE_PASSWORD"
make airflow "$AIRFLOW_DATABASE_PASSWORD"
