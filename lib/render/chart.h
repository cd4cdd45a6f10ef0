#ifndef METER_RENDER_CHART_H
#define METER_RENDER_CHART_H

/*
 * What charts show.  A size is a double, for drawing alone; what a person
 * reads is text, made exact by whoever builds the chart.  Texts are raw: each
 * renderer makes them harmless for its format.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/text.h"

struct buf;

/* One part of every place's pile: a model's cost on each day. */
struct chart_series {
	struct text name;
	struct text total; /* of all places */
	const double *sizes; /* one a place, not negative */
};

/* Piles side by side: what each place, a day, comes to, by series. */
struct chart_stack {
	const char *id; /* once on a page, an identifier */
	const char *title;
	const char *unit; /* before the figures of the axis: "$" */
	size_t place_count;
	const struct text *places;
	const double *sizes; /* of the piles */
	const struct text *totals;	/* the same as text; null where 0 */
	const struct text *details;	/* likewise, with what they are of */
	size_t series_count;
	const struct chart_series *series; /* the first stands lowest */
};

/* Two lines: what was allowed at each place, and what was used. */
struct chart_lines {
	struct text name;
	const char *unit;
	size_t place_count;
	const struct text *places;
	const double *allowed; /* negative where nothing was */
	const double *used; /* likewise */
	const struct text *texts; /* both, in words; null where neither */
	struct text summary; /* what they come to */
	bool is_over; /* more was used than was allowed */
};

/* A cell of a grid: how far something is from what was allowed. */
struct chart_cell {
	bool is_allowed; /* something was allowed at all */
	bool has_percent; /* and not 0 */
	double percent;
	bool is_over; /* without a percentage: over 0 */
	bool is_alert;
	struct text text; /* the same in words */
};

/* Rows of cells: scopes by days. */
struct chart_grid {
	const char *id;
	const char *title;
	size_t row_count, column_count;
	const struct text *rows;
	const struct text *columns; /* days, YYYY-MM-DD */
	const struct chart_cell *cells; /* row by row */
	size_t left_out; /* rows that there is no room for */
};

/* How far from 0 a cell's percentage is, for its colour. */
enum {
	CHART_STEPS = 9, /* the middle one is near 0 */
	CHART_MIDDLE = CHART_STEPS / 2,
};

/* The step of a cell that something was allowed for. */
int chart_step(const struct chart_cell *cell);

/* The bounds of the steps above the middle one; those below mirror them. */
extern const int chart_bounds[CHART_MIDDLE];

/* Append what stands in a cell, in percent: `+38`, `-5`, `>999`, 0 without a
 * sign; `>0` where 0 was allowed and something used. */
void chart_label(struct buf *out, const struct chart_cell *cell);

/* A round number that is at least size, for the end of an axis. */
double chart_round(double size);

/* The largest of count sizes, or 0. */
double chart_largest(const double *sizes, size_t count);

#endif
