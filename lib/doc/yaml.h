#ifndef METER_DOC_YAML_H
#define METER_DOC_YAML_H

/*
 * Reading YAML with libyaml's event interface, with the types that PyYAML's
 * safe_load gives plain scalars (YAML 1.1, reliability.md 3), and strictly:
 * one document, no anchors, aliases, tags or directives, no key twice, at
 * most NODE_MAX_DEPTH levels, UTF-8 without NUL bytes (`"\0"` in a quoted
 * scalar is text like any other).  One byte order mark may stand at the start.
 * Raw control characters, NEL, LS, PS, a CR without LF and a further byte
 * order mark are refused, in quotes too: they have escapes.
 */

#include "lib/base/text.h"

struct arena;
struct error;
struct node;

/*
 * Read text, from a file of the given name (which must live as long as the
 * tree), into *out.  An empty document is a null node.  first_line is the
 * number of the text's first line in its file, 1 for a whole file.  On
 * failure return -1 with ERROR_DATA and `FILE:LINE:COLUMN: reason`.
 *
 * Plain scalars: null, bool, int and float as PyYAML resolves them.  Decimal
 * ints `[-+]?(0|[1-9][0-9]*)` and decimal floats have a value; other forms
 * (octal, hex, binary, base 60, with `_`, a timestamp, `=`, `<<`) are nodes
 * that are NODE_AS_YAML: NODE_INT or NODE_FLOAT whose readers refuse them
 * with a message, or NODE_STRING for a timestamp.  `.inf` and `.nan` are
 * floats that node_double refuses.  `Yes`, `on`, `FALSE` … are a NODE_BOOL
 * that is NODE_AS_YAML unless the text is `true` or `false`.  Keys must be
 * scalars and are kept by their text; a merge key, `<<` unquoted, is refused.
 */
int yaml_read(struct node **out, struct arena *arena, struct text text,
    const char *file, int first_line, struct error *err);

#endif
