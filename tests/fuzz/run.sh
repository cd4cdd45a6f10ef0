#!/bin/sh
# Run every fuzz target for a while: run.sh BUILD SECONDS.  The corpora stay in
# the build folder; test data are the first seeds.
set -eu

build=$1
seconds=$2
seeds=$(cd "$(dirname "$0")/../../testdata" && pwd)
for program in "$build"/fuzz/fuzz_*; do
	[ -x "$program" ] || continue
	name=${program##*/fuzz_}
	corpus=$build/corpus/$name
	mkdir -p "$corpus"
	case $name in
	json) set -- "$seeds/json/accept" "$seeds/json/refuse" ;;
	yaml) set -- "$seeds/yaml" ;;
	csv | tasks) set -- "$seeds/tasks" ;;
	rates) set -- "$seeds/rates" ;;
	*) set -- ;;
	esac
	printf '%s: %s s\n' "$name" "$seconds"
	"$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="$corpus-" \
		"$corpus" "$@" >"$corpus.log" 2>&1 || {
		tail -n 40 "$corpus.log"
		exit 1
	}
	grep -e number_of_executed_units "$corpus.log"
done
