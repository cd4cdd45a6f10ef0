#include "lib/render/page_chart.h"

#include <stdio.h>

#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/base/utf8.h"
#include "lib/render/chart.h"
#include "lib/render/html.h"
#include "lib/render/svg.h"
#include "lib/render/svg_grid.h"

enum {
	NAME_COLUMNS = 80,
};

static void
put_name(struct buf *out, struct text name)
{
	struct buf cut = BUF_INIT;

	utf8_escape(&cut, name.data, name.len, UTF8_PRINTABLE, NAME_COLUMNS);
	buf_puts(out, "<bdi>");
	html_escape(out, (struct text){ cut.text, cut.len });
	buf_puts(out, "</bdi>");
	buf_release(&cut);
}

static void
open_figure(struct buf *out, const char *class, const char *command)
{
	buf_printf(out, "<figure class=\"%s\"", class);
	if (command) {
		buf_puts(out, " title=\"");
		html_escape(out, text_of(command));
		buf_putc(out, '"');
	}
	buf_puts(out, ">\n");
}

static void
put_mark(struct buf *out, const char *unit, double size)
{
	buf_puts(out, "<span>");
	buf_puts(out, unit);
	number_plain(out, size);
	buf_puts(out, "</span>");
}

/* What the sides of a chart say: its top, its half, 0; and three places. */
static void
put_axes(struct buf *out, const char *unit, double top,
    const struct text *places, size_t count)
{
	buf_puts(out, "<div class=\"y\" aria-hidden=\"true\">");
	put_mark(out, unit, top);
	put_mark(out, unit, top / 2);
	put_mark(out, "", 0);
	buf_puts(out, "</div>\n<div class=\"x\" aria-hidden=\"true\">");
	for (size_t i = 0; i < 3 && count > i; i++) {
		buf_puts(out, "<span>");
		html_escape(out, places[count < 3 ? i : i * (count - 1) / 2]);
		buf_puts(out, "</span>");
	}
	buf_puts(out, "</div>\n");
}

static void
put_legend(struct buf *out, const struct chart_stack *chart)
{
	buf_puts(out, "<ul class=\"legend\">\n");
	for (size_t i = 0; i < chart->series_count; i++) {
		buf_printf(out,
		    "<li><svg class=\"key\" viewBox=\"0 0 1 1\" "
		    "aria-hidden=\"true\"><rect class=\"s%zu\" width=\"1\" "
		    "height=\"1\"/></svg> ",
		    i + 1);
		put_name(out, chart->series[i].name);
		buf_putc(out, ' ');
		html_escape(out, chart->series[i].total);
		buf_puts(out, "</li>\n");
	}
	buf_puts(out, "</ul>\n");
}

void
page_chart_stack(struct buf *out, const struct chart_stack *chart,
    const char *command)
{
	double top =
	    chart_round(chart_largest(chart->sizes, chart->place_count));

	open_figure(out, "chart", command);
	put_axes(out, chart->unit, top, chart->places, chart->place_count);
	svg_stack(out, chart, top);
	put_legend(out, chart);
	buf_puts(out, "</figure>\n");
}

static void
put_lines(struct buf *out, const struct chart_lines *chart, size_t number)
{
	double top = chart_largest(chart->used, chart->place_count);
	double allowed = chart_largest(chart->allowed, chart->place_count);
	char id[32];

	if (allowed > top)
		top = allowed;
	top = top > 0 ? top * 1.06 : 1;
	snprintf(id, sizeof(id), "lines-%zu", number);
	buf_printf(out, "<li%s><h3>", chart->is_over ? " class=\"over\"" : "");
	put_name(out, chart->name);
	buf_puts(out, "</h3>\n");
	svg_lines(out, chart, id, top);
	buf_puts(out, "<div class=\"x\" aria-hidden=\"true\">");
	for (size_t i = 0; i < 2 && chart->place_count > i; i++) {
		buf_puts(out, "<span>");
		html_escape(out, chart->places[i * (chart->place_count - 1)]);
		buf_puts(out, "</span>");
	}
	buf_puts(out, "</div>\n<p class=\"note\">");
	html_escape(out, chart->summary);
	buf_puts(out, "</p></li>\n");
}

void
page_chart_lines(struct buf *out, const struct chart_lines *charts,
    size_t count, const char *command)
{
	open_figure(out, "lines", command);
	buf_puts(out,
	    "<ul class=\"legend\">"
	    "<li><svg class=\"key\" viewBox=\"0 0 12 12\" "
	    "aria-hidden=\"true\"><path class=\"used\" d=\"M0 6h12\"/></svg> "
	    "used</li><li><svg class=\"key\" viewBox=\"0 0 12 12\" "
	    "aria-hidden=\"true\"><path class=\"used over\" "
	    "d=\"M0 6h12\"/></svg> used, more than allocated</li>"
	    "<li><svg class=\"key\" viewBox=\"0 0 12 12\" "
	    "aria-hidden=\"true\"><path class=\"allowed\" "
	    "d=\"M0 6h12\"/></svg> allocated</li></ul>\n"
	    "<ul class=\"multiples\">\n");
	for (size_t i = 0; i < count; i++)
		put_lines(out, &charts[i], i + 1);
	buf_puts(out, "</ul>\n</figure>\n");
}

void
page_chart_grid(struct buf *out, const struct chart_grid *grid,
    const char *command)
{
	open_figure(out, "heat", command);
	svg_grid(out, grid, SVG_GRID_WIDE);
	svg_grid(out, grid, SVG_GRID_NARROW);
	buf_puts(out, "</figure>\n");
}
