#include "lib/report/dashboard_grid.h"

#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/core/daily.h"
#include "lib/render/chart.h"
#include "lib/report/dashboard.h"
#include "lib/report/dashboard_text.h"

#define DAY_MICROS ((int64_t)86400 * 1000000)

/* A row, and its place among all, so that scopes keep the rows' order. */
struct place {
	const struct daily_row *row;
	size_t number;
};

static int
compare_scopes(const struct daily_row *a, const struct daily_row *b)
{
	if (a->dimension != b->dimension)
		return a->dimension < b->dimension ? -1 : 1;
	return text_compare(a->id, b->id);
}

static int
compare(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	int order = compare_scopes(a->row, b->row);

	if (order != 0)
		return order;
	return a->number < b->number ? -1 : a->number > b->number;
}

static size_t
day_of(const struct dashboard_daily *daily, const struct daily_row *row)
{
	return (size_t)((row->day.micros - daily->first.micros) / DAY_MICROS);
}

struct dashboard_grid_scope *
dashboard_grid_scopes(size_t *count, struct arena *arena,
    const struct dashboard_daily *daily)
{
	struct dashboard_grid_scope *scopes;
	struct place *places;
	size_t made = 0, day;

	places = arena_array(arena, daily->row_count + 1, sizeof(*places));
	scopes = arena_array(arena, daily->row_count + 1, sizeof(*scopes));
	for (size_t i = 0; i < daily->row_count; i++)
		places[i] = (struct place){ &daily->rows[i], i };
	qsort(places, daily->row_count, sizeof(*places), compare);
	for (size_t i = 0; i < daily->row_count; i++) {
		if (i == 0 ||
		    compare_scopes(places[i - 1].row, places[i].row) != 0) {
			scopes[made].name =
			    dashboard_text_scope(arena, places[i].row);
			scopes[made++].days = arena_array(arena,
			    daily->day_count, sizeof(struct daily_row *));
		}
		day = day_of(daily, places[i].row);
		if (day < daily->day_count)
			scopes[made - 1].days[day] = places[i].row;
	}
	*count = made;
	return scopes;
}

struct text *
dashboard_grid_days(struct arena *arena, const struct dashboard_daily *daily)
{
	struct text *days;

	days = arena_array(arena, daily->day_count + 1, sizeof(*days));
	for (size_t i = 0; i < daily->day_count; i++)
		days[i] = dashboard_text_day(arena,
		    when_add_days(daily->first, (int64_t)i));
	return days;
}

/* `+12.3% (1,123 of 1,000 tokens)` */
static void
put_measure(struct buf *out, const struct daily_row *row, enum daily_name name)
{
	const struct daily_measure *measure = &row->measure[name];

	if (!measure->is_allocated)
		return;
	if (out->len > 0)
		buf_puts(out, ", ");
	if (measure->has_pct) {
		dashboard_text_percent(out, measure->pct);
		buf_puts(out, " (");
	} else {
		buf_puts(out, "(");
	}
	dashboard_text_figure(out, name, measure->actual);
	buf_puts(out, " of ");
	dashboard_text_figure(out, name, measure->allocated);
	buf_puts(out, name == DAILY_COST ? ")" : " tokens)");
}

struct text
dashboard_grid_describe(struct arena *arena, const struct daily_row *row)
{
	struct buf text = BUF_INIT;

	put_measure(&text, row, DAILY_TOKENS);
	put_measure(&text, row, DAILY_COST);
	if (text.len == 0)
		buf_puts(&text, "no allocation");
	return buf_keep(&text, arena);
}

static struct text
describe_cell(struct arena *arena, struct text scope, struct text day,
    const struct daily_row *row)
{
	struct buf text = BUF_INIT;
	struct text figures;

	buf_add(&text, scope.data, scope.len);
	buf_puts(&text, ", ");
	buf_add(&text, day.data, day.len);
	buf_puts(&text, ": ");
	figures =
	    row ? dashboard_grid_describe(arena, row) : TEXT("no allocation");
	buf_add(&text, figures.data, figures.len);
	if (row && row->has_alert)
		buf_puts(&text, ", alert");
	return buf_keep(&text, arena);
}

/* Tokens where they are allocated, else cost. */
static struct chart_cell
make_cell(struct arena *arena, struct text scope, struct text day,
    const struct daily_row *row)
{
	struct chart_cell cell = { .is_allowed = row && row->is_allocated };
	const struct daily_measure *measure;

	cell.text = describe_cell(arena, scope, day, row);
	if (!cell.is_allowed)
		return cell;
	measure = &row->measure[DAILY_TOKENS];
	if (!measure->is_allocated)
		measure = &row->measure[DAILY_COST];
	cell.is_allowed = measure->is_allocated;
	cell.has_percent = measure->has_pct;
	cell.percent = measure->pct;
	cell.is_over = measure->is_over;
	cell.is_alert = row->has_alert;
	return cell;
}

size_t
dashboard_grid(struct chart_grid *out, struct arena *arena,
    const struct dashboard_daily *daily, const char *id, size_t limit)
{
	struct dashboard_grid_scope *scopes;
	struct chart_cell *cells;
	struct text *days, *names;
	size_t count, shown;

	scopes = dashboard_grid_scopes(&count, arena, daily);
	days = dashboard_grid_days(arena, daily);
	shown = limit > 0 && count > limit ? limit : count;
	names = arena_array(arena, shown + 1, sizeof(*names));
	cells =
	    arena_array(arena, shown * daily->day_count + 1, sizeof(*cells));
	for (size_t i = 0; i < shown; i++) {
		names[i] = scopes[i].name;
		for (size_t day = 0; day < daily->day_count; day++)
			cells[i * daily->day_count + day] = make_cell(arena,
			    names[i], days[day], scopes[i].days[day]);
	}
	*out = (struct chart_grid){ .id = id,
		.title = "Variance of each scope and day",
		.row_count = shown,
		.column_count = daily->day_count,
		.rows = names,
		.columns = days,
		.cells = cells,
		.left_out = count - shown };
	return count;
}
