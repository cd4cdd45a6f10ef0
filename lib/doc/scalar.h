#ifndef METER_DOC_SCALAR_H
#define METER_DOC_SCALAR_H

/*
 * What a plain YAML scalar means: the implicit types of PyYAML's safe
 * loader, that is YAML 1.1 with PyYAML's own patterns.  The reader types
 * values by it, and the writer quotes the strings that it would take for
 * something else.
 */

#include <stdbool.h>
#include <stddef.h>

enum scalar_kind {
	SCALAR_STRING,
	SCALAR_NULL,
	SCALAR_BOOL,
	SCALAR_INT,
	SCALAR_FLOAT,
	SCALAR_TIMESTAMP,
	SCALAR_MERGE,	/* << */
	SCALAR_VALUE,	/* = */
};

/*
 * The type of the plain scalar text[0..len).  A text with a line break is
 * always SCALAR_STRING, as no plain scalar has one.
 */
enum scalar_kind scalar_resolve(const char *text, size_t len);

/*
 * Whether a SCALAR_INT or SCALAR_FLOAT is written in plain decimal, as
 * `-12`, `+0`, `1.`, `.5` and `1.5e+3` are; not in octal, hexadecimal,
 * binary or base 60, not with `_`, not `.inf` or `.nan`.
 */
bool scalar_is_decimal(const char *text, size_t len);

#endif
