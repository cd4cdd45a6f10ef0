#ifndef METER_BASE_GLOB_H
#define METER_BASE_GLOB_H

/*
 * Names with `*` (any characters, also none) and `?` (one character).  Every
 * other character stands for itself, brackets and the backslash too: model
 * names hold them.
 */

#include <stdbool.h>

#include "lib/base/text.h"

/*
 * Whether the pattern takes the whole of name.  A character is a code point;
 * a byte that is not UTF-8 counts as one.  The work is at most the product
 * of the two lengths.
 */
bool glob_match(struct text pattern, struct text name);

#endif
