#!/bin/sh
# test:
# Each header compiles alone, and is guarded by its own name.
set -u
status=0
for header in lib/*/*.h cmd/*.h; do
	printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
		${CC:-cc} -std=c11 -D_GNU_SOURCE -I. -Wall -Wextra -Werror \
			-fsyntax-only -x c - || {
		echo "$header does not stand alone"
		status=1
	}
	name=$(basename "$header" .h)
	folder=$(basename "$(dirname "$header")")
	guard=$(printf 'METER_%s_%s_H' "$folder" "$name" |
		tr '[:lower:]' '[:upper:]')
	grep -q "^#ifndef $guard\$" "$header" || {
		echo "$header is not guarded by $guard"
		status=1
	}
done
exit $status
