#!/bin/sh
# The second compiler has nothing to say either, of the fuzz targets neither.
exec ${MAKE:-make} CC=clang OUT="$METER_OUT/clang" objects
