#!/bin/sh
# The layout of the code is what .clang-format says.
exec clang-format --dry-run -Werror cmd/*.c lib/*/*.c tests/*.c tests/*/*.c
