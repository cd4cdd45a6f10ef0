#ifndef METER_RENDER_PAGE_CHART_H
#define METER_RENDER_PAGE_CHART_H

/*
 * A page's charts: the drawing, its axes, and what its colours mean.
 * command, or NULL, becomes the tooltip.
 */

#include <stddef.h>

struct buf;
struct chart_grid;
struct chart_lines;
struct chart_stack;

void page_chart_stack(struct buf *out, const struct chart_stack *chart,
    const char *command);

/* Several small charts, side by side where there is room. */
void page_chart_lines(struct buf *out, const struct chart_lines *charts,
    size_t count, const char *command);

/* Twice: for wide and for narrow screens, one of which is shown. */
void page_chart_grid(struct buf *out, const struct chart_grid *grid,
    const char *command);

#endif
