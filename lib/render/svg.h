#ifndef METER_RENDER_SVG_H
#define METER_RENDER_SVG_H

/*
 * Charts as SVG.  Bars, piles and lines fill whatever box the page gives
 * them, and leave words to the page around them; each place of a chart says
 * its figures when it is pointed at, and the chart as a whole to who cannot
 * see it.  The classes that colour them are those of render/page_style.
 */

#include "lib/base/text.h"

struct buf;
struct chart_lines;
struct chart_stack;

/* Append a bar that fills share, 0 to 1, of its box, for a table's cell that
 * stands beside its figure: it says nothing itself. */
void svg_bar(struct buf *out, double share);

/*
 * Append the piles, the tallest of which reaches size/top of the height.
 * The series' classes are s1, s2, … in their order.
 */
void svg_stack(struct buf *out, const struct chart_stack *chart, double top);

/*
 * Append the lines; id is once on the page.  The classes are `allowed` and
 * `used`.
 */
void svg_lines(struct buf *out, const struct chart_lines *chart, const char *id,
    double top);

/*
 * Append `<title>` and `<desc>`, with the ids ID-t and ID-d, which
 * `aria-labelledby` of an image names.  An empty text is left out.
 */
void svg_describe(struct buf *out, const char *id, struct text title,
    struct text description);

#endif
