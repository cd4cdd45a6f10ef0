#include "lib/report/generation.h"

#include <stdbool.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/core/variance.h"
#include "lib/render/markdown.h"
#include "lib/report/lines.h"

#define START "- **Plan variance**:"
#define HEADING "## Budget"
#define NONE "\xe2\x80\x93" /* an en dash: no such figure */
#define BETWEEN " \xc2\xb7 " /* a middle dot */

enum {
	ID_COLUMNS = 80, /* of a plan's id that is no fingerprint */
};

static void
put_ratio(struct buf *out, bool has_ratio, double ratio)
{
	if (has_ratio)
		buf_printf(out, ", %.2fx", ratio);
	else
		buf_puts(out, ", " NONE);
}

static void
put_count(struct buf *out, const char *name, const struct variance_count *count)
{
	double ratio = 0;
	bool has_ratio = variance_ratio(&ratio, count);
	int64_t delta;

	buf_printf(out, "%s ", name);
	number_group(out, count->actual);
	buf_putc(out, '/');
	if (!count->has_estimate) {
		buf_puts(out, NONE " (" NONE ", " NONE ")");
		return;
	}
	delta = variance_delta(count);
	number_group(out, count->estimated);
	buf_puts(out, delta > 0 ? " (+" : " (");
	number_group(out, delta);
	put_ratio(out, has_ratio, ratio);
	buf_putc(out, ')');
}

static void
put_unpriced(struct buf *out, int64_t calls)
{
	if (calls == 0)
		return;
	buf_puts(out, "; ");
	number_group(out, calls);
	buf_puts(out, calls == 1 ? " call unpriced" : " calls unpriced");
}

static void
put_cost(struct buf *out, const struct variance_cost *cost, int64_t unpriced)
{
	struct money delta = MONEY_ZERO;
	double ratio = 0;
	bool has_ratio = variance_cost_ratio(&ratio, cost);

	buf_puts(out, "cost ");
	money_people(out, cost->total);
	buf_putc(out, '/');
	if (!cost->has_estimate) {
		buf_puts(out, NONE " (" NONE ", " NONE);
	} else {
		money_people(out, cost->exact_estimate);
		if (money_sub(&delta, cost->total, cost->exact_estimate) < 0)
			delta = MONEY_ZERO;
		buf_puts(out, delta.femto > 0 ? " (+" : " (");
		money_people(out, delta);
		put_ratio(out, has_ratio, ratio);
	}
	put_unpriced(out, unpriced);
	buf_putc(out, ')');
}

/* What a run took where there is nothing to compare it with. */
static void
put_actual(struct buf *out, const struct variance *variance, int64_t unpriced)
{
	buf_puts(out, "; actual ");
	number_group(out, variance->calls.actual);
	buf_puts(out, variance->calls.actual == 1 ? " call, " : " calls, ");
	number_group(out, variance->total_tokens.actual);
	buf_puts(out,
	    variance->total_tokens.actual == 1 ? " token, " : " tokens, ");
	money_people(out, variance->cost.total);
	put_unpriced(out, unpriced);
}

void
generation_line(struct buf *out, const struct variance *variance,
    int64_t unpriced_calls)
{
	buf_puts(out, START " ");
	if (variance->is_resolved) {
		put_count(out, "calls", &variance->calls);
		buf_puts(out, BETWEEN);
		put_count(out, "prompt tokens", &variance->prompt_tokens);
		buf_puts(out, BETWEEN);
		put_cost(out, &variance->cost, unpriced_calls);
		buf_puts(out, BETWEEN "plan ");
		markdown_escape_cut(out, variance->snapshot_id, ID_COLUMNS);
	} else if (variance->snapshot_id.data) {
		buf_puts(out, "plan ");
		markdown_escape_cut(out, variance->snapshot_id, ID_COLUMNS);
		buf_puts(out, " not found");
		put_actual(out, variance, unpriced_calls);
	} else {
		buf_puts(out, "no plan to compare with");
		put_actual(out, variance, unpriced_calls);
	}
	buf_putc(out, '\n');
}

/* Where things stand in the file; -1 where they do not. */
struct places {
	int64_t line, line_end; /* of the line itself, without line end */
	int64_t heading_end; /* behind the heading's line */
};

/* Whether the line is the heading, trailing blanks and marks apart. */
static bool
is_heading(struct text line)
{
	while (line.len > 0 && memchr(" \t#", line.data[line.len - 1], 3) &&
	       line.len > strlen(HEADING))
		line.len--;
	return text_is(line, HEADING);
}

static struct places
find_places(struct text file)
{
	struct places places = { -1, -1, -1 };
	struct text line, bare;
	struct lines lines;

	lines_start(&lines, file, true);
	while (lines_next(&line, &lines)) {
		bare = lines_bare(line);
		if (lines.is_code)
			continue;
		if (places.line < 0 && lines_begins(bare, START)) {
			places.line = (int64_t)lines.at;
			places.line_end = (int64_t)(lines.at + bare.len);
		}
		if (places.heading_end < 0 && is_heading(bare))
			places.heading_end = (int64_t)(lines.at + line.len);
	}
	return places;
}

static void
add_part(struct buf *out, struct text file, int64_t from, int64_t to)
{
	buf_add(out, file.data + from, (size_t)(to - from));
}

/* Put the line under the heading, with a blank line on either side. */
static void
put_under_heading(struct buf *out, struct text file, int64_t at,
    struct text line, const char *end)
{
	struct text next;

	add_part(out, file, 0, at);
	if (file.data[at - 1] != '\n')
		buf_puts(out, end);
	next = lines_at(file, (size_t)at);
	if (next.len > 0 && lines_bare(next).len == 0) {
		add_part(out, file, at, at + (int64_t)next.len);
		at += (int64_t)next.len;
	} else {
		buf_puts(out, end);
	}
	buf_add(out, line.data, line.len);
	buf_puts(out, end);
	next = lines_at(file, (size_t)at);
	if (next.len > 0 && lines_bare(next).len > 0 &&
	    !lines_begins(next, "- "))
		buf_puts(out, end);
	add_part(out, file, at, (int64_t)file.len);
}

void
generation_update(struct buf *out, struct text file, struct text line)
{
	struct places places = find_places(file);
	const char *end =
	    memmem(file.data, file.len, "\r\n", 2) ? "\r\n" : "\n";

	line = lines_bare(line);
	if (places.line >= 0) {
		add_part(out, file, 0, places.line);
		buf_add(out, line.data, line.len);
		add_part(out, file, places.line_end, (int64_t)file.len);
	} else if (places.heading_end >= 0) {
		put_under_heading(out, file, places.heading_end, line, end);
	} else {
		buf_add(out, file.data, file.len);
		if (file.len > 0 && file.data[file.len - 1] != '\n')
			buf_puts(out, end);
		if (file.len > 0)
			buf_puts(out, end);
		buf_printf(out, "%s%s%s", HEADING, end, end);
		buf_add(out, line.data, line.len);
		buf_puts(out, end);
	}
}
