#!/bin/sh
# Static analysis of the program and its library.  It does not see that
# arena_exhausted() never returns.
exec cppcheck --quiet --std=c11 --language=c -D_GNU_SOURCE -I. \
	--enable=warning,performance,portability \
	--suppress=nullPointerRedundantCheck:lib/base/* \
	--suppress=identicalInnerCondition \
	--inline-suppr --error-exitcode=1 --suppress=missingIncludeSystem \
	-j "$(nproc)" cmd lib
