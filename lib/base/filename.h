#ifndef METER_BASE_FILENAME_H
#define METER_BASE_FILENAME_H

/*
 * Names of files that are made of ids (reliability.md 0.13).  An id may be any
 * text: a path, a name with a dot in front, hundreds of bytes long.
 */

#include "lib/base/text.h"

struct buf;

enum {
	FILENAME_MAX_BYTES = 120,
};

/*
 * Append the name that stands for a text: `A-Z a-z 0-9 . _ -` as they are, but
 * for a dot in front, every other byte as %XX.  A name that would be longer
 * than FILENAME_MAX_BYTES is cut there, between bytes of the text, and ends in
 * `%2D` and 32 hex digits of the text's SHA-256.  No two texts have the same
 * name, since a hyphen stands for itself anywhere else; the empty text's is
 * `%2D` alone.
 */
void filename_encode(struct buf *out, struct text text);

#endif
