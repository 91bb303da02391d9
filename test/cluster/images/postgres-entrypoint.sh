#!/bin/bash
# The contract of the official PostgreSQL image, as far as manifests rely on it: POSTGRES_PASSWORD, POSTGRES_USER,
# POSTGRES_DB (each also as *_FILE), POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD, PGDATA, and scripts in
# /docker-entrypoint-initdb.d for a data folder that is new.
set -Eeuo pipefail

from_file() {
  local name=$1 file="${1}_FILE"
  if [ -n "${!file:-}" ]; then export "$name"="$(<"${!file}")"; fi
}

if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
if [ "$1" != postgres ]; then exec "$@"; fi

mkdir -p "$PGDATA"
if [ "$(id -u)" = 0 ]; then
  chown -R postgres:postgres "$PGDATA" /var/run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
chmod 700 "$PGDATA" || true

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  for name in POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB POSTGRES_INITDB_ARGS; do from_file "$name"; done
  POSTGRES_USER=${POSTGRES_USER:-postgres}
  POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
  export POSTGRES_USER POSTGRES_DB
  if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    exit 1
  fi
  # shellcheck disable=SC2086 # The arguments are words.
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "${POSTGRES_PASSWORD:-}") ${POSTGRES_INITDB_ARGS:-}
  echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
  pg_ctl --wait --options="-c listen_addresses=''" start
  sql() { psql -v ON_ERROR_STOP=1 --no-psqlrc --username="$POSTGRES_USER" --no-password "$@"; }
  export PGPASSWORD="${PGPASSWORD:-${POSTGRES_PASSWORD:-}}"
  if [ "$POSTGRES_DB" != postgres ]; then
    sql --dbname=postgres --set=db="$POSTGRES_DB" <<< 'CREATE DATABASE :"db";'
  fi
  for script in /docker-entrypoint-initdb.d/*; do
    case "$script" in
      *.sh) if [ -x "$script" ]; then "$script"; else . "$script"; fi ;;
      *.sql) sql --dbname="$POSTGRES_DB" --file="$script" ;;
      *.sql.gz) gunzip --stdout "$script" | sql --dbname="$POSTGRES_DB" ;;
    esac
  done
  unset PGPASSWORD
  pg_ctl --mode=fast --wait stop
fi

exec "$@"
