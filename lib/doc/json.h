#ifndef METER_DOC_JSON_H
#define METER_DOC_JSON_H

/*
 * Reading JSON (RFC 8259) with yajl's callbacks, strictly: no key twice, no
 * text behind the value, no NaN, no comments, no byte order mark but one at
 * the start, at most NODE_MAX_DEPTH levels, valid UTF-8, no unpaired
 * surrogate escapes.
 */

#include "lib/base/text.h"

struct arena;
struct error;
struct node;

/*
 * Read text, from a file of the given name (which must live as long as the
 * tree), into *out.  first_line is the number of the text's first line.
 * Numbers keep their text and are NODE_AS_JSON: NODE_INT without fraction
 * and exponent (of any length; `-0` too), else NODE_FLOAT.  On failure
 * return -1 with ERROR_DATA and `FILE:LINE:COLUMN: reason`.
 */
int json_read(struct node **out, struct arena *arena, struct text text,
    const char *file, int first_line, struct error *err);

#endif
