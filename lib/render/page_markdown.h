#ifndef METER_RENDER_PAGE_MARKDOWN_H
#define METER_RENDER_PAGE_MARKDOWN_H

/*
 * A page as GitHub's Markdown, to be read on a code host: charts are tables
 * with bars of text, and there is no HTML in it.
 */

struct buf;
struct page;

/* Append the page. */
void page_markdown(struct buf *out, const struct page *page);

#endif
