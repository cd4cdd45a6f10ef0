#include "lib/render/svg_grid.h"

#include <stdbool.h>
#include <stdio.h>

#include "lib/base/buf.h"
#include "lib/base/utf8.h"
#include "lib/render/chart.h"
#include "lib/render/html.h"
#include "lib/render/svg.h"

enum {
	CELLS_WIDE = 644, /* all cells together */
	CELLS_NARROW = 308,
	CELL_LEAST = 7,
	CELL_MOST = 46,
	NAMES = 230, /* the width of the names beside the cells */
	NAME_COLUMNS = 60,
	DAY_ROOM = 34, /* what a day's name takes */
	TEXT_ROOM = 21, /* what a figure takes */
	SMALL_CELL = 36, /* narrower ones have small figures */
	DIGIT = 7, /* a figure's character, at the most; a small one's */
	SMALL_DIGIT = 6,
	PAD = 12, /* around a file's drawing */
	HEADING = 30,
	MARGIN = 4,
	LEGEND = 60,
	PIECE = 34, /* of the legend */
};

/* Where things stand. */
struct layout {
	int left; /* of the cells */
	int top; /* of the first row */
	int cell; /* a cell's width */
	int row; /* the height of a row, with its name where that is above */
	int above; /* that name's height */
	int width, height;
	const char *suffix; /* of ids */
};

static struct layout
lay_out(const struct chart_grid *grid, enum svg_grid_layout kind)
{
	bool is_narrow = kind == SVG_GRID_NARROW;
	struct layout layout = { .suffix = is_narrow ? "-n" : "" };
	int columns = grid->column_count > 0 ? (int)grid->column_count : 1;

	layout.cell = (is_narrow ? CELLS_NARROW : CELLS_WIDE) / columns;
	if (layout.cell > CELL_MOST)
		layout.cell = CELL_MOST;
	if (layout.cell < CELL_LEAST)
		layout.cell = CELL_LEAST;
	layout.left = is_narrow ? 0 : NAMES;
	layout.above = is_narrow ? 19 : 0;
	layout.row = is_narrow ? 48 : 28;
	layout.top = (kind == SVG_GRID_ALONE ? HEADING : 0) + 20;
	layout.width = layout.left + layout.cell * columns;
	if (layout.width < CELLS_NARROW)
		layout.width = CELLS_NARROW;
	layout.height = layout.top + layout.row * (int)grid->row_count + LEGEND;
	return layout;
}

void
svg_grid_style(struct buf *out)
{
	buf_puts(out,
	    ".grid text{font:12px system-ui,sans-serif;fill:#1b1f24}\n"
	    ".grid .d,.grid .l{font-size:10px;fill:#57606a}\n"
	    ".grid .f{font-size:11px;text-anchor:middle}\n"
	    ".grid .d{text-anchor:middle}\n"
	    ".grid .s{font-size:9px}\n"
	    ".grid .head{font-weight:600;font-size:14px}\n"
	    ".grid .h0{fill:#2166ac}.grid .h1{fill:#4393c3}\n"
	    ".grid .h2{fill:#92c5de}.grid .h3{fill:#d1e5f0}\n"
	    ".grid .h4{fill:#f1f2f4}.grid .h5{fill:#fee0b6}\n"
	    ".grid .h6{fill:#fdb863}.grid .h7{fill:#e08214}\n"
	    ".grid .h8{fill:#8f4606}\n"
	    ".grid .ground{fill:#fff}\n"
	    ".grid .w{fill:#fff}\n"
	    ".grid .none{fill:#e4e6ea}\n"
	    ".grid .hatch{stroke:#a3abb5;stroke-width:1.5}\n"
	    ".grid .mark{fill:#1b1f24;stroke:#fff;stroke-width:1}\n"
	    "@media(prefers-color-scheme:dark){\n"
	    ".grid text{fill:#e6e9ed}.grid .d,.grid .l{fill:#a7b0bb}\n"
	    ".grid .ground{fill:#181c20}\n"
	    ".grid .w{fill:#e6e9ed}.grid .k{fill:#14171a}\n"
	    ".grid .h0{fill:#8ec5ef}.grid .h1{fill:#5a9fd4}\n"
	    ".grid .h2{fill:#2f6a9e}.grid .h3{fill:#274761}\n"
	    ".grid .h4{fill:#30363d}.grid .h5{fill:#5a4122}\n"
	    ".grid .h6{fill:#87550f}.grid .h7{fill:#d5851d}\n"
	    ".grid .h8{fill:#ffc078}\n"
	    ".grid .none{fill:#22272d}.grid .hatch{stroke:#4b545e}\n"
	    ".grid .mark{fill:#fff;stroke:#14171a}\n"
	    "}\n");
}

/* Which of black and white is read on a step, light and dark. */
static const char *
text_class(int step)
{
	static const char *const classes[CHART_STEPS] = { "f w k", "f k", "f",
		"f", "f", "f", "f", "f k", "f w k" };

	return classes[step];
}

/* A cell's figure: below an alert's corner, and pressed together where it is
 * wider than the cell, whatever the font. */
static void
put_figure(struct buf *out, const struct layout *layout,
    const struct chart_cell *cell, int x, int y)
{
	bool is_small = layout->cell < SMALL_CELL;
	int height = layout->row - layout->above - 2, room = layout->cell - 4;
	struct buf label = BUF_INIT;

	chart_label(&label, cell);
	buf_printf(out, "<text class=\"%s%s\" x=\"%d\" y=\"%d\"",
	    text_class(chart_step(cell)), is_small ? " s" : "",
	    x + layout->cell / 2 - 1,
	    y + height / 2 + 4 + (is_small && cell->is_alert ? 4 : 0));
	if ((int)label.len * (is_small ? SMALL_DIGIT : DIGIT) > layout->cell)
		buf_printf(out,
		    " textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\"",
		    room);
	buf_putc(out, '>');
	html_escape(out, (struct text){ label.text, label.len });
	buf_puts(out, "</text>");
	buf_release(&label);
}

static void
put_cell(struct buf *out, const struct layout *layout,
    const struct chart_cell *cell, const char *id, int x, int y)
{
	int height = layout->row - layout->above - 2;

	buf_puts(out, "<g role=\"cell\"><title>");
	html_escape(out, cell->text);
	buf_puts(out, "</title><rect ");
	if (cell->is_allowed)
		buf_printf(out, "class=\"h%d\"", chart_step(cell));
	else
		buf_printf(out, "fill=\"url(#%s-h%s)\"", id, layout->suffix);
	buf_printf(out,
	    " x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\"/>", x, y,
	    layout->cell - (layout->cell > 12 ? 2 : 1), height);
	if (cell->is_allowed && layout->cell >= TEXT_ROOM)
		put_figure(out, layout, cell, x, y);
	if (cell->is_alert)
		buf_printf(out, "<path class=\"mark\" d=\"M%d %dh-9l9 9z\"/>",
		    x + layout->cell - 2, y);
	buf_puts(out, "</g>\n");
}

/* A box of its own cuts a name off that is too long for its place. */
static void
put_name(struct buf *out, const struct layout *layout, struct text name, int y)
{
	struct buf cut = BUF_INIT;
	int height = layout->above > 0 ? layout->above : layout->row;
	int width = layout->above > 0 ? layout->width : layout->left - 8;

	utf8_escape(&cut, name.data, name.len, UTF8_PRINTABLE, NAME_COLUMNS);
	buf_printf(out,
	    "<g role=\"rowheader\"><svg y=\"%d\" width=\"%d\" "
	    "height=\"%d\"><title>",
	    y, width, height);
	html_escape(out, name);
	buf_printf(out, "</title><text y=\"%d\">", height / 2 + 4);
	html_escape(out, (struct text){ cut.text, cut.len });
	buf_puts(out, "</text></svg></g>\n");
	buf_release(&cut);
}

static void
put_row(struct buf *out, const struct chart_grid *grid,
    const struct layout *layout, size_t row)
{
	int y = layout->top + (int)row * layout->row;
	const struct chart_cell *cells = grid->cells + row * grid->column_count;

	buf_puts(out, "<g role=\"row\">\n");
	put_name(out, layout, grid->rows[row], y);
	for (size_t i = 0; i < grid->column_count; i++)
		put_cell(out, layout, &cells[i], grid->id,
		    layout->left + (int)i * layout->cell, y + layout->above);
	buf_puts(out, "</g>\n");
}

/* The days, month and day, as many as there is room for. */
static void
put_days(struct buf *out, const struct chart_grid *grid,
    const struct layout *layout)
{
	size_t every = (size_t)((DAY_ROOM + layout->cell - 1) / layout->cell);
	struct text day;

	buf_puts(out,
	    "<g role=\"row\"><g role=\"columnheader\"><title>Scope</title>"
	    "</g>\n");
	for (size_t i = 0; i < grid->column_count; i++) {
		day = grid->columns[i];
		buf_puts(out, "<g role=\"columnheader\"><title>");
		html_escape(out, day);
		buf_puts(out, "</title>");
		if ((grid->column_count - 1 - i) % every == 0) {
			buf_printf(out, "<text class=\"d\" x=\"%d\" y=\"%d\">",
			    layout->left + (int)i * layout->cell +
				layout->cell / 2 - 1,
			    layout->top - 7);
			html_escape(out,
			    day.len > 5
				? (struct text){ day.data + 5, day.len - 5 }
				: day);
			buf_puts(out, "</text>");
		}
		buf_puts(out, "</g>\n");
	}
	buf_puts(out, "</g>\n");
}

static void
put_legend(struct buf *out, const struct chart_grid *grid,
    const struct layout *layout)
{
	int y = layout->height - LEGEND + 26, x = layout->left;
	int piece = layout->above > 0 ? PIECE - 8 : PIECE;
	int step, bound;

	buf_printf(out, "<g aria-hidden=\"true\">\n");
	for (step = 0; step < CHART_STEPS; step++, x += piece) {
		buf_printf(out,
		    "<rect class=\"h%d\" x=\"%d\" y=\"%d\" width=\"%d\" "
		    "height=\"10\"/>",
		    step, x, y, piece);
		if (step == CHART_MIDDLE)
			continue;
		bound = step < CHART_MIDDLE
			    ? -chart_bounds[CHART_MIDDLE - 1 - step]
			    : chart_bounds[step - CHART_MIDDLE - 1];
		buf_printf(out,
		    "<text class=\"d\" x=\"%d\" y=\"%d\">%+d</text>\n",
		    (step < CHART_MIDDLE ? x + piece : x) +
			(piece < PIECE ? bound / 20 : 0),
		    y + 22, bound);
	}
	x += 8;
	buf_printf(out,
	    "<rect fill=\"url(#%s-h%s)\" x=\"%d\" y=\"%d\" width=\"12\" "
	    "height=\"10\"/><text class=\"l\" x=\"%d\" y=\"%d\">none</text>\n"
	    "<path class=\"mark\" d=\"M%d %dh-9l9 9z\"/>"
	    "<text class=\"l\" x=\"%d\" y=\"%d\">alert</text></g>\n",
	    grid->id, layout->suffix, x, y, x + 16, y + 9, x + 11, y + 15,
	    x + 16, y + 24);
}

static void
put_left_out(struct buf *out, const struct chart_grid *grid,
    const struct layout *layout)
{
	if (grid->left_out > 0)
		buf_printf(out,
		    "<text class=\"l\" x=\"%d\" y=\"%d\">and %zu more</text>\n",
		    layout->left, layout->height - LEGEND + 8, grid->left_out);
}

static void
put_hatch(struct buf *out, const char *id, const char *suffix)
{
	buf_printf(out,
	    "<defs><pattern id=\"%s-h%s\" width=\"6\" height=\"6\" "
	    "patternUnits=\"userSpaceOnUse\" "
	    "patternTransform=\"rotate(45)\"><rect class=\"none\" "
	    "width=\"6\" height=\"6\"/><path class=\"hatch\" "
	    "d=\"M0 0v6\"/></pattern></defs>\n",
	    id, suffix);
}

static void
open_grid(struct buf *out, const struct chart_grid *grid,
    const struct layout *layout, enum svg_grid_layout kind)
{
	static const char *const classes[] = { "grid", "grid wide",
		"grid narrow" };
	int pad = kind == SVG_GRID_ALONE ? PAD : 0;
	int width = layout->width + MARGIN + 2 * pad;
	int height = layout->height + 2 * pad;
	char id[64];

	snprintf(id, sizeof(id), "%s%s", grid->id, layout->suffix);
	buf_printf(out,
	    "<svg%s class=\"%s\" viewBox=\"%d %d %d %d\" width=\"%d\" "
	    "height=\"%d\" role=\"group\" aria-labelledby=\"%s-t %s-d\">\n",
	    kind == SVG_GRID_ALONE ? " xmlns=\"http://www.w3.org/2000/svg\""
				   : "",
	    classes[kind], -pad, -pad, width, height, width, height, id, id);
	svg_describe(out, id, text_of(grid->title),
	    TEXT("Variance in percent of the allocation: below it blue, above "
		 "it orange; hatched where nothing was allocated; a corner "
		 "marks an alert."));
	put_hatch(out, grid->id, layout->suffix);
}

void
svg_grid(struct buf *out, const struct chart_grid *grid,
    enum svg_grid_layout kind)
{
	struct layout layout = lay_out(grid, kind);

	open_grid(out, grid, &layout, kind);
	if (kind == SVG_GRID_ALONE) {
		buf_puts(out, "<style>\n");
		svg_grid_style(out);
		buf_printf(out,
		    "</style>\n<rect class=\"ground\" x=\"-%d\" y=\"-%d\" "
		    "width=\"100%%\" height=\"100%%\"/>\n",
		    PAD, PAD);
		buf_puts(out, "<text class=\"head\" y=\"18\">");
		html_escape(out, text_of(grid->title));
		buf_puts(out, "</text>\n");
	}
	buf_printf(out, "<g role=\"table\" aria-labelledby=\"%s%s-t\">\n",
	    grid->id, layout.suffix);
	put_days(out, grid, &layout);
	for (size_t i = 0; i < grid->row_count; i++)
		put_row(out, grid, &layout, i);
	buf_puts(out, "</g>\n");
	put_left_out(out, grid, &layout);
	put_legend(out, grid, &layout);
	buf_puts(out, "</svg>\n");
}
