#ifndef METER_RENDER_PAGE_HTML_H
#define METER_RENDER_PAGE_HTML_H

/*
 * A page as one file of HTML that needs nothing else: its style and charts
 * stand in it, it holds no script, and asks for nothing from anywhere.  It
 * follows the reader's choice of light and dark, prints, and is read on a
 * telephone and on a wide screen.
 */

struct buf;
struct page;

/* Append the page. */
void page_html(struct buf *out, const struct page *page);

#endif
