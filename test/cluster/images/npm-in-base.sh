#!/bin/sh
# A registry that mirrors this platform only makes `npm ci` refuse a whole lock file for the optional packages of others.
# The same lock file then decides every version through `npm install`, which lets them be absent.
npm=/usr/local/lib/node_modules/npm/bin/npm-cli.js
if [ "$1" != ci ]; then exec node "$npm" "$@"; fi
node "$npm" "$@" && exit 0
echo 'npm ci has refused; installing from the same lock file with npm install' >&2
shift
exec node "$npm" install --no-save "$@"
