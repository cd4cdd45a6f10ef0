#!/bin/sh
# Make the archive of a release from what git tracks: dist.sh make NAME; or
# unpack one in a folder of its own, build, test and install it: dist.sh check
# NAME.
set -eu

name=$2
archive=build/$name.tar.gz
case $1 in
make)
	mkdir -p build
	git archive --format=tar.gz --prefix="$name/" -o "$archive" HEAD
	printf '%s\n' "$archive"
	;;
check)
	archive=$PWD/$archive
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	cd "$folder"
	tar -xzf "$archive"
	cd "$name"
	make -j2
	METER_TEST_QUICK=1 make -j2 test
	make install DESTDIR="$folder/stage" PREFIX=
	"$folder/stage/bin/meter" --version
	;;
esac
