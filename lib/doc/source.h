#ifndef METER_DOC_SOURCE_H
#define METER_DOC_SOURCE_H

/*
 * The text of a document that is being read, and places in it: what the
 * readers of YAML and of JSON have in common before they parse.
 */

#include <stddef.h>

#include "lib/base/text.h"

struct error;

struct place {
	int line;	/* from 1 */
	int column;	/* from 1, in code points */
};

struct source {
	struct text text;	/* valid UTF-8 without NULs, past the mark */
	const char *file;
	struct place start;	/* where the text starts in its file */
	struct error *err;	/* where failures are described */
};

/*
 * Begin to read text: step over one byte order mark, and refuse a second
 * one, what is not UTF-8, and NUL bytes.  file, text and err must outlive the
 * source.  Return 0, or -1 with *err set as source_fail does.
 */
int source_open(struct source *source, struct text text, const char *file,
    int first_line, struct error *err);

/* The place of the byte at offset.  It takes time linear in offset. */
struct place source_place(const struct source *source, size_t offset);

/* Move a place over text, which stands there. */
void source_advance(struct place *place, const char *text, size_t len);

/*
 * Set the source's error to ERROR_DATA and `FILE:LINE:COLUMN: ` with the
 * reason behind it, the name of the file made harmless.  Return -1.
 */
int source_fail(const struct source *source, struct place place,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
