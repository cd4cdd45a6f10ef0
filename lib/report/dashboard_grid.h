#ifndef METER_REPORT_DASHBOARD_GRID_H
#define METER_REPORT_DASHBOARD_GRID_H

/*
 * The heatmap: scopes by days.
 */

#include <stddef.h>

#include "lib/base/text.h"

struct arena;
struct chart_grid;
struct daily_row;
struct dashboard_daily;

/*
 * Make the grid of the first limit scopes that the rows name (0: all), in
 * their order, and return how many there are.  id is an identifier that is
 * once on the page.
 */
size_t dashboard_grid(struct chart_grid *out, struct arena *arena,
    const struct dashboard_daily *daily, const char *id, size_t limit);

/* The scopes that the rows name, each once, in the order of the rows: for
 * each its row on each of the days, or NULL. */
struct dashboard_grid_scope {
	struct text name;
	const struct daily_row **days;
};
struct dashboard_grid_scope *dashboard_grid_scopes(size_t *count,
    struct arena *arena, const struct dashboard_daily *daily);

/* The days, as texts. */
struct text *dashboard_grid_days(struct arena *arena,
    const struct dashboard_daily *daily);

/* `+12.3% (1,123 of 1,000 tokens)`, both measures where both are allocated. */
struct text dashboard_grid_describe(struct arena *arena,
    const struct daily_row *row);

#endif
