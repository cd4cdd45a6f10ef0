#!/bin/sh
# Put what the tests check pages with, by the versions of tests/npm, into
# build/npm; where it is there already this does nothing.  Node and npm are
# Debian's unless others are there.
set -eu

place=build/npm
wanted=$(cksum tests/npm/package-lock.json)
[ "$(cat "$place/installed" 2>/dev/null || :)" != "$wanted" ] || exit 0

for program in node npm; do
	command -v "$program" >/dev/null || sh tests/deps.sh nodejs npm
done
mkdir -p "$place"
cp tests/npm/package.json tests/npm/package-lock.json "$place"
npm_config_cache=$PWD/$place/cache npm ci --prefix "$place" \
	--ignore-scripts --no-audit --no-fund --loglevel=error
rm -rf "$place/cache"
printf '%s\n' "$wanted" >"$place/installed"
