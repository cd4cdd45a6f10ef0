#!/bin/sh
# Static analysis of the program and its library.
exec cppcheck --quiet --std=c11 --language=c -D_GNU_SOURCE -I. \
	--enable=warning,performance,portability --inconclusive \
	--inline-suppr --error-exitcode=1 --suppress=missingIncludeSystem \
	-j "$(nproc)" cmd lib
