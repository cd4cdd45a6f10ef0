#!/bin/sh
# Show the main job in a fresh workspace: demo.sh METER.  It fails where the
# program does something else than it says here.
set -eu

program=$1
data=$(cd "$(dirname "$0")/../testdata/demo" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cp "$data"/plan.json "$data"/run.json "$data"/model-rates.yaml .

meter() {
	"$program" "$@"
}

say() {
	printf '\n# %s\n' "$1"
}

# Show a command, run it, and expect an exit status.
show() {
	expected=$1
	shift
	printf '$ meter'
	for word in "$@"; do
		case $word in
		*[!A-Za-z0-9_./:-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	printf '\n'
	status=0
	meter "$@" 2>&1 || status=$?
	[ "$expected" -eq 0 ] || printf '(exit status %s)\n' "$status"
	[ "$status" -eq "$expected" ]
}

say 'Before: what the run is planned to take, and whether it may.'
show 0 plan record --check plan.json

say 'After: what it used, and how that compares.'
show 0 record run --duration 12.5 --task T-1 run.json
show 0 usage runs
show 0 variance

say 'A gate for CI: within the usual limits, then not within stricter ones.'
show 0 variance --check
show 1 variance --check --limit 'prompt_tokens<=100%' --limit 'cost_usd<=0.01'

say 'One figure for a script.'
show 0 variance --get cost_usd.ratio

say 'And a line for people, in reports/generation-summary.md.'
show 0 report generation
printf '$ cat reports/generation-summary.md\n'
cat reports/generation-summary.md
