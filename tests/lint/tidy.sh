#!/bin/sh
# clang's analysis: what can go wrong at run time, not matters of taste.  Left
# out are checks that take memcmp for a string function, a pointer's size for
# a slip, and a va_list that va_start has set for one that is not.
set -u
checks='-*,bugprone-*,clang-analyzer-*,cert-flp30-c,misc-redundant-expression'
checks="$checks,-bugprone-easily-swappable-parameters"
checks="$checks,-bugprone-reserved-identifier,-bugprone-branch-clone"
checks="$checks,-bugprone-assignment-in-if-condition"
checks="$checks,-bugprone-not-null-terminated-result"
checks="$checks,-bugprone-sizeof-expression,-bugprone-narrowing-conversions"
checks="$checks,-bugprone-implicit-widening-of-multiplication-result"
checks="$checks,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
checks="$checks,-clang-analyzer-valist.Uninitialized"
export checks
# shellcheck disable=SC2016 # the inner shell expands it
printf '%s\n' cmd/*.c lib/*/*.c | xargs -P "$(nproc)" -n 8 sh -c '
	exec clang-tidy --quiet --warnings-as-errors="*" --checks="$checks" \
		"$@" -- -std=c11 -D_GNU_SOURCE -I.' sh 2>/dev/null
