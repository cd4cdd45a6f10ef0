#ifndef METER_RENDER_PAGE_STYLE_H
#define METER_RENDER_PAGE_STYLE_H

/*
 * The style sheet of a page.
 */

struct buf;

/* Append it. */
void page_style(struct buf *out);

#endif
