#!/usr/bin/env bash
# Makes the four databases in a new PostgreSQL container; the image runs it once, when its volume is
# empty. What the roles may do is said in database.sql, which ./mybella up runs as well.
# Passwords come from <DATABASE>_DB_OWNER_PASSWORD and <DATABASE>_DB_APP_PASSWORD.
set -euo pipefail

for database in persona memory voice gateway; do
  prefix=${database^^}_DB
  for name in "${prefix}_OWNER_PASSWORD" "${prefix}_APP_PASSWORD"; do
    if [ -z "${!name:-}" ]; then
      echo "$name is not set" >&2
      exit 1
    fi
  done
  psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --command "CREATE DATABASE $database"
  # \getenv keeps the passwords off the command line.
  psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$database" \
    --output /dev/null <<SQL
\getenv owner_password ${prefix}_OWNER_PASSWORD
\getenv app_password ${prefix}_APP_PASSWORD
SELECT set_config('mybella.owner', '${database}_owner', false),
       set_config('mybella.owner_password', :'owner_password', false),
       set_config('mybella.app', '${database}_app', false),
       set_config('mybella.app_password', :'app_password', false);
\i /mybella/database.sql
SQL
done
