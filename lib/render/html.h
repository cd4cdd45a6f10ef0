#ifndef METER_RENDER_HTML_H
#define METER_RENDER_HTML_H

/*
 * Texts and tables as HTML.  Everything comes out as text: no name can open
 * a tag, an attribute or a comment.
 */

#include "lib/base/text.h"

struct buf;
struct table;

/*
 * Append a text for content, or for an attribute in quotes: `&`, `<`, `>`,
 * `"` and `'` as references, control characters and marks that hide or turn
 * text as utf8_escape has them, line breaks too.
 */
void html_escape(struct buf *out, struct text text);

/*
 * Append the table, and its notes as paragraphs; without a row the notes
 * alone.  Cells with figures carry the attribute figures, which is HTML
 * (`class="figure"`), or none where it is NULL.
 */
void html_table(struct buf *out, const struct table *table,
    const char *figures);

#endif
