#!/bin/sh
# Measures everything that docs/performance.md tells of, on this machine and on data of its own, and prints it as tables. Sizes, seconds and the folder where
# the loaded offices stay (a load that was broken off goes on there, one that is whole is used again) may be given:
#   MATTERS="10000 100000 1000000" SECONDS_EACH=10 KEEP=/var/tmp/huiyin-bench sh scripts/bench.sh
set -eu
cd "$(dirname "$0")/.."
huiyin="$PWD/bin/huiyin"
matters="${MATTERS:-10000 100000}"
seconds="${SECONDS_EACH:-10}"
keep="${KEEP:-$(mktemp -d)}"
[ -n "${KEEP:-}" ] || trap 'rm -rf "$keep"' EXIT
head() { printf '\n## %s\n\n' "$*"; }
# Over PostgreSQL: each command names the server that HUIYIN_DATABASE gives.
postgres() { bin/postgres -durable sh -c "$1"; }

head "$(date -u +%F), $(uname -srm), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sort | uniq -c | sed 's/^ *\([0-9]*\) /\1 × /'), $(awk '/^MemTotal/ { printf "%d GB", $2 / 1000000 }' /proc/meminfo) of memory, $(go version | cut -d' ' -f3), load $(cut -d' ' -f1 /proc/loadavg)"

head "Lives per second, empty, SQLite"
"$huiyin" bench lifecycle --seconds "$seconds"
head "Lives per second, empty, PostgreSQL"
postgres "'$huiyin' bench lifecycle --seconds $seconds --database \"\$HUIYIN_DATABASE\""
head "A burst, SQLite"
"$huiyin" bench burst
head "A burst, PostgreSQL"
postgres "'$huiyin' bench burst --database \"\$HUIYIN_DATABASE\""

folders="" sizes=""
for n in $matters; do
	head "$n matters: loading"
	"$huiyin" bench load --matters "$n" --data "$keep/load-$n"
	folders="$folders${folders:+,}$keep/load-$n" sizes="$sizes${sizes:+,}$n"
done
head "Pages and API"
"$huiyin" bench pages --data "$folders" --matters "$sizes"
head "Figures"
"$huiyin" bench stat --matters "$sizes" --data "$folders" --rounds 20
head "Searching"
"$huiyin" bench find --matters "$sizes" --data "$folders" --rounds 20
for n in $matters; do
	head "Repeats among $n"
	"$huiyin" bench repeats --matters "$n" --keep "$keep/load-$n"
	head "Lives per second over $n matters, SQLite"
	"$huiyin" bench lifecycle --clients 32 --seconds "$seconds" --data "$keep/load-$n"
done
head "Starting"
"$huiyin" bench startup
