#!/bin/sh
# The shell scripts, the one of CI too.
exec shellcheck .ci/run tests/*.sh tests/*/*.sh
