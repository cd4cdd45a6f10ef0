#include "lib/report/dashboard_parts.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/render/page.h"
#include "lib/report/dashboard_text.h"

enum {
	SERIES = 8, /* colours there are; the last one is for all others */
	DAYS_MOST = 400, /* more are shown by month */
	DETAILED = 62, /* places that tell their parts when pointed at */
	MONTH_LEN = 7,
	DAY_LEN = 10,
};

static struct text
describe_failures(struct arena *arena, const struct query_measures *total)
{
	struct query_value rate =
	    query_measures_value(total, QUERY_MEASURE_FAILURE_RATE);
	struct buf text = BUF_INIT;
	struct text share;

	share = dashboard_text_share(arena, rate.is_null, rate.ratio);
	buf_add(&text, share.data, share.len);
	buf_puts(&text, " of calls failed");
	return buf_keep(&text, arena);
}

static void
add_unpriced(struct page *page, struct page_block *block, int64_t unpriced)
{
	struct page_figure *figure;

	figure = page_figure(page, block, "Calls without a price",
	    dashboard_text_count(page->arena, unpriced));
	figure->tone = unpriced > 0 ? PAGE_WARN : PAGE_PLAIN;
	figure->note = unpriced > 0 ? TEXT("count as $0 in every cost here")
				    : TEXT("every call has a price");
}

int
dashboard_cost(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	const struct query_measures *total = dashboard_total(dashboard);
	struct arena *arena = page->arena;
	struct page_section *section;
	struct page_block *block;

	(void)err;
	section = page_section(page, "cost", "Total cost", "Total cost",
	    dashboard_command(dashboard, "meter usage --json"));
	section->is_narrow = true;
	block = page_block(page, section, PAGE_FIGURES);
	page_figure(page, block, "Cost",
	    dashboard_text_money(arena, query_measures_cost(total)));
	page_figure(page, block, "Known",
	    dashboard_text_money(arena, total->known))
	    ->note = TEXT("as providers reported it");
	page_figure(page, block, "Estimated",
	    dashboard_text_money(arena, total->estimated))
	    ->note = TEXT("from the table of prices");
	add_unpriced(page, block, total->count[QUERY_UNPRICED_CALLS]);
	page_figure(page, block, "Tokens",
	    dashboard_text_count(arena, total->count[QUERY_TOTAL_TOKENS]));
	page_figure(page, block, "Calls",
	    dashboard_text_count(arena, total->count[QUERY_CALLS]))
	    ->note = describe_failures(arena, total);
	return 0;
}

/* The days, or months, from the first to the last, gaps and all. */
struct places {
	bool is_month;
	size_t count;
	struct text *names;
	struct when first;
};

/* The place of a day; a zone may bring one out of the calendar. */
static size_t
place_of(const struct places *places, struct text day)
{
	struct when when;
	struct when_date date, first;

	if (when_parse_day(&when, day.data, day.len) < 0)
		return 0;
	if (!places->is_month)
		return (size_t)((when.micros - places->first.micros) /
				((int64_t)86400 * 1000000));
	date = when_date(when);
	first = when_date(places->first);
	return (
	    size_t)((date.year - first.year) * 12 + date.month - first.month);
}

static void
name_places(struct arena *arena, struct places *places)
{
	struct when_date date = when_date(places->first);
	struct when when = places->first;

	places->names =
	    arena_array(arena, places->count, sizeof(*places->names));
	for (size_t i = 0; i < places->count; i++) {
		if (places->is_month) {
			places->names[i] = text_of(arena_printf(arena,
			    "%04" PRId64 "-%02d", date.year, date.month));
			date.year += date.month == 12;
			date.month = date.month % 12 + 1;
			continue;
		}
		places->names[i] = dashboard_text_day(arena, when);
		when = when_add_days(when, 1);
	}
}

static struct places
find_places(struct arena *arena, const struct query *days)
{
	struct places places = { .is_month = false };
	struct text first = days->groups[0]->values[0];
	struct text last = days->groups[days->group_count - 1]->values[0];

	if (when_parse_day(&places.first, first.data, first.len) < 0)
		return places;
	places.count = place_of(&places, last) + 1;
	places.is_month = places.count > DAYS_MOST;
	if (places.is_month)
		places.count = place_of(&places, last) + 1;
	name_places(arena, &places);
	return places;
}

/* What is added up for the piles. */
struct piles {
	struct arena *arena;
	struct places places;
	size_t series;
	struct text names[SERIES];
	struct money *sums; /* by series, then place */
	struct money *totals; /* by place */
	struct money series_totals[SERIES];
};

/* The models that get a colour of their own; the others share the last. */
static void
choose_series(struct piles *piles, const struct query *models)
{
	size_t count = models->group_count;

	piles->series = count < SERIES ? count : SERIES;
	for (size_t i = 0; i < piles->series; i++)
		piles->names[i] = dashboard_text_name(piles->arena,
		    models->groups[i]->values[0]);
	if (count > SERIES)
		piles->names[SERIES - 1] = text_of(arena_printf(piles->arena,
		    "%zu more models", count - SERIES + 1));
}

static size_t
series_of(const struct piles *piles, const struct query *models,
    struct text model)
{
	size_t i;

	for (i = 0; i + 1 < piles->series; i++)
		if (text_equal(models->groups[i]->values[0], model))
			break;
	return i;
}

static int
add_up(struct piles *piles, const struct query *days,
    const struct query *models, struct error *err)
{
	size_t count = piles->places.count, place, series;
	const struct query_group *group;
	struct money cost, *sum;

	piles->sums =
	    arena_array(piles->arena, count * SERIES, sizeof(*piles->sums));
	piles->totals = arena_array(piles->arena, count, sizeof(*piles->sums));
	for (size_t i = 0; i < days->group_count; i++) {
		group = days->groups[i];
		place = place_of(&piles->places, group->values[0]);
		if (place >= count)
			place = count - 1;
		series = series_of(piles, models, group->values[1]);
		cost = query_measures_cost(&group->measures);
		sum = &piles->sums[series * count + place];
		if (money_add(sum, *sum, cost) < 0 ||
		    money_add(&piles->totals[place], piles->totals[place],
			cost) < 0 ||
		    money_add(&piles->series_totals[series],
			piles->series_totals[series], cost) < 0)
			return error_set(err, ERROR_DATA,
			    "the costs do not fit");
	}
	return 0;
}

/* `$0.12: gpt-4o $0.10, gpt-4o-mini $0.02`. */
static struct text
describe_place(const struct piles *piles, size_t place)
{
	size_t count = piles->places.count;
	const char *before = ": ";
	struct buf text = BUF_INIT;
	struct money part;

	money_people(&text, piles->totals[place]);
	for (size_t i = 0; i < piles->series && count <= DETAILED; i++) {
		part = piles->sums[i * count + place];
		if (money_compare(part, MONEY_ZERO) == 0)
			continue;
		buf_puts(&text, before);
		buf_add(&text, piles->names[i].data, piles->names[i].len);
		buf_putc(&text, ' ');
		money_people(&text, part);
		before = ", ";
	}
	return buf_keep(&text, piles->arena);
}

static struct chart_series
draw_series(const struct piles *piles, size_t number)
{
	size_t count = piles->places.count;
	double *sizes = arena_array(piles->arena, count, sizeof(*sizes));
	struct chart_series series = { .name = piles->names[number],
		.sizes = sizes };

	series.total =
	    dashboard_text_money(piles->arena, piles->series_totals[number]);
	for (size_t i = 0; i < count; i++)
		sizes[i] = money_double(piles->sums[number * count + i]);
	return series;
}

static void
draw(struct chart_stack *chart, const struct piles *piles)
{
	size_t count = piles->places.count;
	double *sizes = arena_array(piles->arena, count, sizeof(*sizes));
	struct text *totals = arena_array(piles->arena, count, sizeof(*totals));
	struct text *details =
	    arena_array(piles->arena, count, sizeof(*details));
	struct chart_series *series =
	    arena_array(piles->arena, SERIES, sizeof(*series));

	for (size_t i = 0; i < count; i++) {
		if (money_compare(piles->totals[i], MONEY_ZERO) == 0)
			continue;
		sizes[i] = money_double(piles->totals[i]);
		totals[i] =
		    dashboard_text_money(piles->arena, piles->totals[i]);
		details[i] = describe_place(piles, i);
	}
	for (size_t i = 0; i < piles->series; i++)
		series[i] = draw_series(piles, i);
	*chart = (struct chart_stack){ .id = "stack",
		.title = piles->places.is_month ? "Cost a month, by model"
						: "Cost a day, by model",
		.unit = "$",
		.place_count = count,
		.places = piles->places.names,
		.sizes = sizes,
		.totals = totals,
		.details = details,
		.series_count = piles->series,
		.series = series };
}

/* The same figures as a table, a row a place that has any. */
static void
tabulate(struct page *page, struct page_section *section,
    const struct piles *piles)
{
	struct arena *arena = piles->arena;
	size_t count = piles->places.count;
	struct table_column *columns =
	    arena_array(arena, piles->series + 2, sizeof(*columns));
	double *shares = arena_array(arena, count, sizeof(*shares));
	double largest = 0;
	struct page_table *shown;

	for (size_t i = 0; i < count; i++)
		if (money_double(piles->totals[i]) > largest)
			largest = money_double(piles->totals[i]);
	columns[0] =
	    (struct table_column){ piles->places.is_month ? "Month" : "Day",
		    TABLE_TEXT };
	columns[1] = (struct table_column){ "Cost", TABLE_MONEY };
	for (size_t i = 0; i < piles->series; i++)
		columns[i + 2] =
		    (struct table_column){ piles->names[i].data, TABLE_MONEY };
	shown = page_table(page, section, "The same as a table", columns,
	    piles->series + 2);
	shown->is_folded = true;
	shown->shares = shares;
	for (size_t place = 0; place < count; place++) {
		if (money_compare(piles->totals[place], MONEY_ZERO) == 0)
			continue;
		shares[shown->share_count++] =
		    money_double(piles->totals[place]) / largest;
		table_row(&shown->table);
		table_text(&shown->table, piles->places.names[place]);
		table_money(&shown->table, piles->totals[place]);
		for (size_t i = 0; i < piles->series; i++)
			table_money(&shown->table,
			    piles->sums[i * count + place]);
	}
}

int
dashboard_cost_days(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	const struct query *days = &dashboard->answers[DASHBOARD_DAYS];
	const struct query *models = &dashboard->answers[DASHBOARD_MODELS];
	struct piles piles = { .arena = page->arena };
	struct page_section *section;

	if (days->group_count == 0)
		return 0;
	piles.places = find_places(page->arena, days);
	if (piles.places.count == 0)
		return 0;
	choose_series(&piles, models);
	if (add_up(&piles, days, models, err) < 0)
		return -1;
	section = page_section(page, "days", "Cost a day",
	    piles.places.is_month ? "Cost a month by model"
				  : "Cost a day by model",
	    dashboard_command(dashboard, piles.places.is_month
					     ? "meter usage --by month,model"
					     : "meter usage --by day,model"));
	if (money_compare(query_measures_cost(dashboard_total(dashboard)),
		MONEY_ZERO) == 0) {
		page_text(page, section,
		    "Nothing that has a price was used on these days.");
		return 0;
	}
	draw(&page_block(page, section, PAGE_STACK)->stack, &piles);
	tabulate(page, section, &piles);
	return 0;
}
