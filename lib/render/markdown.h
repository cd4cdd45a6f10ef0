#ifndef METER_RENDER_MARKDOWN_H
#define METER_RENDER_MARKDOWN_H

/*
 * Texts and tables as GitHub's Markdown.  Everything comes out as text: no
 * name can make a link, a heading, a cell or HTML.
 */

#include <stddef.h>

#include "lib/base/text.h"

struct buf;
struct table;

/*
 * Append a text: a line break as a blank, other control characters and marks
 * that hide or turn text as utf8_escape has them, and a backslash before what
 * Markdown, with its usual extensions, takes for more than text.
 */
void markdown_escape(struct buf *out, struct text text);

/* The same, cut to so many columns (utf8_escape); 0 is no limit. */
void markdown_escape_cut(struct buf *out, struct text text, size_t columns);

/*
 * Append the table, figures to the right, and each of its notes as a
 * paragraph behind a blank line; without a row the notes alone.
 */
void markdown_table(struct buf *out, const struct table *table);

#endif
