#!/bin/sh
# clang's analysis: what can go wrong at run time, not matters of taste.
set -u
checks='-*,bugprone-*,clang-analyzer-*,cert-err34-c,cert-flp30-c'
checks="$checks,misc-redundant-expression,-bugprone-easily-swappable-parameters"
checks="$checks,-bugprone-reserved-identifier,-bugprone-assignment-in-if-condition"
checks="$checks,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
checks="$checks,-bugprone-implicit-widening-of-multiplication-result"
export checks
# shellcheck disable=SC2016 # the inner shell expands it
printf '%s\n' cmd/*.c lib/*/*.c | xargs -P "$(nproc)" -n 8 sh -c '
	exec clang-tidy --quiet --warnings-as-errors="*" --checks="$checks" \
		"$@" -- -std=c11 -D_GNU_SOURCE -I.' sh
