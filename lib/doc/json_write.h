#ifndef METER_DOC_JSON_WRITE_H
#define METER_DOC_JSON_WRITE_H

/*
 * Writing JSON.  Keys keep their order.  Non-ASCII text passes as UTF-8;
 * control characters, DEL, U+2028, U+2029, the marks that change the
 * direction of text, and '<' are escaped, so that the text may stand in a
 * script element and on a terminal.  Floats are written without an exponent
 * and without trailing zeros (number_plain), NODE_AS_JSON numbers as they
 * were read; a float that is not finite is null.
 */

#include "lib/base/text.h"

struct buf;
struct node;

/* Append a text as a JSON string. */
void json_write_text(struct buf *out, struct text text);

/* Append the value on one line, `{"a":1,"b":[]}`, without a newline. */
void json_write_line(struct buf *out, const struct node *node);

/* Append the value over several lines, indented by two, with a newline. */
void json_write_pretty(struct buf *out, const struct node *node);

/*
 * Append the value as Python's json.dumps(value, sort_keys=True) does:
 * `", "` and `": "`, keys sorted by code point, ASCII with \uXXXX (surrogate
 * pairs above U+FFFF), whole numbers as digits, floats as repr.
 */
void json_write_python(struct buf *out, const struct node *node);

#endif
