#include "lib/render/svg.h"

#include "lib/base/buf.h"
#include "lib/render/chart.h"
#include "lib/render/html.h"

enum {
	HEIGHT = 1000, /* of a chart, in units of its own */
	PLACE = 10, /* the width of a place */
	GAP = 1, /* on either side of a pile */
	LEAST = 4, /* what is not nothing is seen */
};

void
svg_bar(struct buf *out, double share)
{
	int width = (int)(share * HEIGHT + 0.5);

	if (share > 0 && width < LEAST)
		width = LEAST;
	buf_printf(out,
	    "<svg class=\"bar\" viewBox=\"0 0 %d 1\" "
	    "preserveAspectRatio=\"none\" aria-hidden=\"true\" "
	    "focusable=\"false\"><rect width=\"%d\" height=\"1\"/></svg>",
	    HEIGHT, width);
}

void
svg_describe(struct buf *out, const char *id, struct text title,
    struct text description)
{
	buf_printf(out, "<title id=\"%s-t\">", id);
	html_escape(out, title);
	buf_puts(out, "</title>\n");
	if (description.len == 0)
		return;
	buf_printf(out, "<desc id=\"%s-d\">", id);
	html_escape(out, description);
	buf_puts(out, "</desc>\n");
}

static void
open_chart(struct buf *out, const char *id, const char *class, size_t places)
{
	buf_printf(out,
	    "<svg class=\"%s\" viewBox=\"0 0 %zu %d\" "
	    "preserveAspectRatio=\"none\" role=\"img\" "
	    "aria-labelledby=\"%s-t %s-d\">\n",
	    class, places * PLACE, HEIGHT, id, id);
}

static int
height_of(double size, double top)
{
	int height = (int)(size / top * HEIGHT + 0.5);

	return size > 0 && height < LEAST ? LEAST : height;
}

/* The faint lines at a half and at the top of the axis. */
static void
put_scale(struct buf *out, size_t places)
{
	buf_printf(out,
	    "<path class=\"scale\" vector-effect=\"non-scaling-stroke\" "
	    "d=\"M0 %dH%zu\"/>\n",
	    HEIGHT / 2, places * PLACE);
}

/* One path a series: a rectangle for each place that has any of it. */
static void
put_series(struct buf *out, const struct chart_stack *chart, size_t number,
    int *levels, double top)
{
	const double *sizes = chart->series[number].sizes;
	int height;

	buf_printf(out, "<path class=\"s%zu\" d=\"", number + 1);
	for (size_t i = 0; i < chart->place_count; i++) {
		if (!(sizes[i] > 0))
			continue;
		height = height_of(sizes[i], top);
		levels[i] += height;
		buf_printf(out, "M%zu %dh%dv%dh-%dz", i * PLACE + GAP,
		    HEIGHT - levels[i], PLACE - 2 * GAP, height,
		    PLACE - 2 * GAP);
	}
	buf_puts(out, "\"/>\n");
}

/* What a place says when it is pointed at: it is as high as the chart. */
static void
put_place(struct buf *out, size_t place, struct text name, struct text text)
{
	if (!text.data)
		return;
	buf_printf(out,
	    "<rect class=\"at\" x=\"%zu\" width=\"%d\" height=\"%d\"><title>",
	    place * PLACE, PLACE, HEIGHT);
	html_escape(out, name);
	buf_puts(out, ": ");
	html_escape(out, text);
	buf_puts(out, "</title></rect>\n");
}

/* From when to when, and what each place comes to. */
static void
describe_places(struct buf *out, const char *id, struct text title,
    const struct text *places, const struct text *texts, size_t count)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < count; i++) {
		if (!texts[i].data)
			continue;
		if (text.len > 0)
			buf_puts(&text, "; ");
		buf_add(&text, places[i].data, places[i].len);
		buf_puts(&text, ": ");
		buf_add(&text, texts[i].data, texts[i].len);
	}
	if (text.len == 0)
		buf_puts(&text, "nothing");
	svg_describe(out, id, title, (struct text){ text.text, text.len });
	buf_release(&text);
}

void
svg_stack(struct buf *out, const struct chart_stack *chart, double top)
{
	struct buf room = BUF_INIT;
	size_t size = chart->place_count * sizeof(int);
	int *levels;

	buf_fill(&room, '\0', size + sizeof(int));
	levels = (void *)room.text;
	open_chart(out, chart->id, "plot stack", chart->place_count);
	describe_places(out, chart->id, text_of(chart->title), chart->places,
	    chart->totals, chart->place_count);
	put_scale(out, chart->place_count);
	for (size_t i = 0; i < chart->series_count; i++)
		put_series(out, chart, i, levels, top);
	for (size_t i = 0; i < chart->place_count; i++)
		put_place(out, i, chart->places[i], chart->details[i]);
	buf_puts(out, "</svg>\n");
	buf_release(&room);
}

/* A line in steps: a flat piece a place, so that one place is seen too. */
static void
put_line(struct buf *out, const char *class, const double *sizes, size_t count,
    double top)
{
	bool is_open = false;
	int y;

	buf_printf(out,
	    "<path class=\"%s\" vector-effect=\"non-scaling-stroke\" d=\"",
	    class);
	for (size_t i = 0; i < count; i++) {
		if (sizes[i] < 0) {
			is_open = false;
			continue;
		}
		y = HEIGHT - height_of(sizes[i], top);
		if (is_open)
			buf_printf(out, "V%d", y);
		else
			buf_printf(out, "M%zu %d", i * PLACE, y);
		buf_printf(out, "h%d", PLACE);
		is_open = true;
	}
	buf_puts(out, "\"/>\n");
}

void
svg_lines(struct buf *out, const struct chart_lines *chart, const char *id,
    double top)
{
	size_t count = chart->place_count;

	open_chart(out, id, "plot lines", count);
	describe_places(out, id, chart->name, chart->places, chart->texts,
	    count);
	put_scale(out, count);
	put_line(out, "allowed", chart->allowed, count, top);
	put_line(out, chart->is_over ? "used over" : "used", chart->used, count,
	    top);
	for (size_t i = 0; i < count; i++)
		put_place(out, i, chart->places[i], chart->texts[i]);
	buf_puts(out, "</svg>\n");
}
