#ifndef METER_RENDER_SVG_GRID_H
#define METER_RENDER_SVG_GRID_H

/*
 * A grid of cells, the heatmap, as SVG: blue is below what was allowed, white
 * about that, orange and brown above; hatched grey is where nothing was
 * allowed, and a corner marks an alert.  The scale is told apart by every
 * kind of colour blindness, light and dark, and each cell has its figure as
 * text.  To a screen reader it is a table.
 */

struct buf;
struct chart_grid;

enum svg_grid_layout {
	SVG_GRID_ALONE, /* a file of its own */
	SVG_GRID_WIDE, /* within a page, names to the left */
	SVG_GRID_NARROW, /* likewise, names above: for a telephone */
};

/* Append the grid.  Within a page its style is svg_grid_style's. */
void svg_grid(struct buf *out, const struct chart_grid *grid,
    enum svg_grid_layout layout);

/* Append the rules that colour a grid. */
void svg_grid_style(struct buf *out);

#endif
