#!/bin/sh
# Run every check of this folder; say of each what came of it.
set -u
export PYTHONDONTWRITEBYTECODE=1
status=0
for check in tests/lint/*; do
	case $check in
	*/all.sh) continue ;;
	*.py) runner=/usr/bin/python3 ;;
	*.sh) runner=/bin/sh ;;
	*) continue ;;
	esac
	if output=$($runner "$check" 2>&1); then
		printf 'ok    %s%s\n' "$check" \
			"$(printf '%s' "$output" | tail -n 1 | sed 's/^/: /')"
	else
		printf 'FAIL  %s\n%s\n' "$check" "$output"
		status=1
	fi
done
exit $status
