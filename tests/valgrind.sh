#!/bin/sh
# Run the main job and its refusals under valgrind: valgrind.sh METER.
set -eu

program=$1
data=$(cd "$(dirname "$0")/../testdata/demo" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cp "$data"/plan.json "$data"/run.json "$data"/model-rates.yaml .
printf '[{"stages": [{"provider": 7}]}]' >wrong.json
printf '# of a person\nschema_version: 1\nruns: []\n' >foreign.yaml

# Expect an exit status, and nothing from valgrind, whose own is 99.
check() {
	expected=$1
	shift
	status=0
	valgrind -q --error-exitcode=99 --leak-check=full \
		--errors-for-leak-kinds=definite "$program" "$@" \
		>out 2>err </dev/null || status=$?
	[ "$status" -eq "$expected" ] && return
	printf 'meter %s: exit status %s\n' "$*" "$status"
	cat err
	exit 1
}

check 0 --version
check 0 -h
check 0 plan record plan.json
check 0 plan list
check 0 plan show --json
check 0 record run --json --report --task T run.json
check 0 record run --once run.json
check 65 record run wrong.json
check 66 record run missing.json
check 64 record run --nothing
cp foreign.yaml output/budget/usage.yaml
check 0 record run run.json
printf -- '- run_index: 9\n  star' >>output/budget/usage.yaml
check 0 usage runs
check 0 record run run.json
check 0 usage run 1 --yaml
check 0 usage runs --csv
check 0 variance --check
check 1 variance --check --limit 'calls<=1'
check 0 variance --get 'per_workflow[draft].calls.ratio'
check 0 report generation
check 0 plan task T --quest q
printf 'id,quest\nT-2,"a, b"\n' >tasks.csv
check 0 plan task --from-file tasks.csv
check 0 plan tier small --model claude-sonnet-4-5
check 0 record session start
check 0 record task T 'done' --tier small --tokens-in 10 --json
check 0 record task T-2 blocked
check 0 plan tasks --json
check 0 usage --session current --by tier
check 0 record session end
check 66 record session end
printf 'id,quest\nT-3\n' >tasks.csv
check 65 plan task --from-file tasks.csv
check 0 rates show claude-sonnet-4-5
check 0 rates cost claude-sonnet-4-5 --input-tokens 1000
printf 'valgrind: nothing found\n'
