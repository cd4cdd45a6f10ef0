#include "lib/report/dashboard_parts.h"

#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/number.h"
#include "lib/core/daily.h"
#include "lib/render/page.h"
#include "lib/report/dashboard_grid.h"
#include "lib/report/dashboard_text.h"
#include "lib/report/proposal.h"

enum {
	CHARTS = 24, /* scopes with lines of their own */
	SCOPES = 60, /* rows of the heatmap */
	ALERTS = 20,
	NONE = -1, /* in place of a size */
};

#define NO_ALLOCATION                                                          \
	"Nothing was allocated on these days: meter plan allocate SCOPE "      \
	"--tokens N says what a scope may use a day."

static const char *
no_allocation(const struct dashboard *dashboard)
{
	return dashboard->daily.is_filtered
		   ? "No scope that the filters name has an allocation on "
		     "these days."
		   : NO_ALLOCATION;
}

/* What a scope used and was allowed of one measure. */
struct track {
	const struct dashboard_grid_scope *scope;
	enum daily_name name;
	money_int used, allowed; /* on the days with an allocation */
	money_int most; /* used on one of them */
	size_t number; /* among all */
};

static double
size_of(enum daily_name name, money_int figure)
{
	return name == DAILY_COST ? money_double(daily_money(figure))
				  : (double)figure;
}

/* What the measure comes to; *is_allocated tells whether it is on any day. */
static int
add_up(bool *is_allocated, struct track *track, size_t day_count,
    struct error *err)
{
	const struct daily_measure *measure;

	*is_allocated = false;
	for (size_t i = 0; i < day_count; i++) {
		if (!track->scope->days[i])
			continue;
		measure = &track->scope->days[i]->measure[track->name];
		if (!measure->is_allocated)
			continue;
		*is_allocated = true;
		if (__builtin_add_overflow(track->used, measure->actual,
			&track->used) ||
		    __builtin_add_overflow(track->allowed, measure->allocated,
			&track->allowed))
			return error_set(err, ERROR_DATA,
			    "the allocations do not fit");
		if (measure->actual > track->most)
			track->most = measure->actual;
	}
	return 0;
}

/* Those that are the furthest over come first, then those with the largest
 * part used. */
static int
compare(const void *left, const void *right)
{
	const struct track *a = left, *b = right;
	double first = size_of(a->name, a->used), second;

	first /= a->allowed > 0 ? size_of(a->name, a->allowed) : 1e-3;
	second = size_of(b->name, b->used);
	second /= b->allowed > 0 ? size_of(b->name, b->allowed) : 1e-3;
	if (first != second)
		return first > second ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static int
find_tracks(struct track **out, size_t *count, struct arena *arena,
    const struct dashboard_daily *daily, struct error *err)
{
	struct dashboard_grid_scope *scopes;
	struct track *tracks;
	size_t scope_count, made = 0;
	bool is_allocated;

	scopes = dashboard_grid_scopes(&scope_count, arena, daily);
	tracks =
	    arena_array(arena, scope_count * DAILY_COUNT + 1, sizeof(*tracks));
	for (size_t i = 0; i < scope_count; i++)
		for (int name = 0; name < DAILY_COUNT; name++) {
			tracks[made] = (struct track){ &scopes[i],
				(enum daily_name)name, 0, 0, 0, made };
			if (add_up(&is_allocated, &tracks[made],
				daily->day_count, err) < 0)
				return -1;
			made += is_allocated;
		}
	qsort(tracks, made, sizeof(*tracks), compare);
	*out = tracks;
	*count = made;
	return 0;
}

/* `12,000 used of 14,000 tokens (-14.3%), at most 1,800 a day` */
static struct text
describe_track(struct arena *arena, const struct track *track)
{
	struct buf text = BUF_INIT;

	dashboard_text_figure(&text, track->name, track->used);
	buf_puts(&text, " used of ");
	dashboard_text_figure(&text, track->name, track->allowed);
	buf_puts(&text, track->name == DAILY_COST ? "" : " tokens");
	if (track->allowed > 0) {
		buf_puts(&text, " (");
		dashboard_text_percent(&text,
		    100 * size_of(track->name, track->used - track->allowed) /
			size_of(track->name, track->allowed));
		buf_puts(&text, ")");
	}
	buf_puts(&text, ", at most ");
	dashboard_text_figure(&text, track->name, track->most);
	buf_puts(&text, " a day");
	return buf_keep(&text, arena);
}

static struct text
describe_day(struct arena *arena, enum daily_name name,
    const struct daily_measure *measure)
{
	struct buf text = BUF_INIT;

	dashboard_text_figure(&text, name, measure->actual);
	if (measure->is_allocated) {
		buf_puts(&text, " of ");
		dashboard_text_figure(&text, name, measure->allocated);
	}
	return buf_keep(&text, arena);
}

static struct text
name_track(struct arena *arena, const struct track *track)
{
	struct buf text = BUF_INIT;

	buf_add(&text, track->scope->name.data, track->scope->name.len);
	buf_puts(&text, track->name == DAILY_COST ? " (USD)" : " (tokens)");
	return buf_keep(&text, arena);
}

static struct chart_lines
draw(struct arena *arena, const struct track *track, const struct text *days,
    size_t count)
{
	double *allowed = arena_array(arena, count, sizeof(*allowed));
	double *used = arena_array(arena, count, sizeof(*used));
	struct text *texts = arena_array(arena, count, sizeof(*texts));
	const struct daily_measure *measure;

	for (size_t i = 0; i < count; i++) {
		allowed[i] = used[i] = NONE;
		if (!track->scope->days[i])
			continue;
		measure = &track->scope->days[i]->measure[track->name];
		if (measure->is_allocated)
			allowed[i] = size_of(track->name, measure->allocated);
		if (!measure->has_actual)
			continue;
		used[i] = size_of(track->name, measure->actual);
		texts[i] = describe_day(arena, track->name, measure);
	}
	return (struct chart_lines){ .name = name_track(arena, track),
		.unit = track->name == DAILY_COST ? "$" : "",
		.place_count = count,
		.places = days,
		.allowed = allowed,
		.used = used,
		.texts = texts,
		.summary = describe_track(arena, track),
		.is_over = track->used > track->allowed };
}

int
dashboard_daily_lines(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	const struct dashboard_daily *daily = &dashboard->daily;
	struct chart_lines *charts;
	struct page_section *section;
	struct page_block *block;
	struct track *tracks;
	struct text *days;
	size_t count, shown;

	if (find_tracks(&tracks, &count, page->arena, daily, err) < 0)
		return -1;
	section = page_section(page, "allocations", "Allocations",
	    "Allocated and used a day, by scope", daily->command);
	if (count == 0) {
		page_text(page, section, no_allocation(dashboard));
		return 0;
	}
	shown = count < CHARTS ? count : CHARTS;
	days = dashboard_grid_days(page->arena, daily);
	charts = arena_array(page->arena, shown, sizeof(*charts));
	for (size_t i = 0; i < shown; i++)
		charts[i] =
		    draw(page->arena, &tracks[i], days, daily->day_count);
	block = page_block(page, section, PAGE_LINES);
	block->lines = charts;
	block->line_count = shown;
	if (count > shown)
		page_text(page, section,
		    arena_printf(page->arena,
			"Of %zu allocations these are the %zu of which the "
			"largest part was used.",
			count, shown));
	return 0;
}

int
dashboard_daily_heatmap(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	struct page_section *section;
	struct page_block *block;
	struct chart_grid grid;
	size_t count;

	(void)err;
	section = page_section(page, "heatmap", "Heatmap",
	    "How far each day was from its allocation, in percent",
	    dashboard->daily.command);
	count = dashboard_grid(&grid, page->arena, &dashboard->daily, "heat",
	    SCOPES);
	if (count == 0) {
		page_text(page, section, no_allocation(dashboard));
		return 0;
	}
	block = page_block(page, section, PAGE_GRID);
	block->grid = grid;
	return 0;
}

static void
put_cost(struct buf *out, const struct attribution_part *part)
{
	if (part->has_tokens) {
		buf_puts(out, ", ");
		number_group(out, part->tokens);
		buf_puts(out, " tokens");
	}
	if (!part->has_cost)
		return;
	buf_puts(out, ", ");
	money_people(out, part->cost_usd);
}

/* `1,234 refusals` */
static void
put_count(struct buf *out, int64_t count, const char *what)
{
	number_group(out, count);
	buf_printf(out, " %s%s", what, count == 1 ? "" : "s");
}

/* A cause in words, with its figures. */
static struct text
describe_part(struct arena *arena, const struct attribution_part *part)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%s: ", attribution_name(part->code));
	switch (part->code) {
	case ATTRIBUTION_QUOTA_EXHAUST:
		put_count(&text, part->records, "refusal");
		buf_puts(&text, " for want of quota, first at ");
		when_people(&text, part->first);
		break;
	case ATTRIBUTION_RETRY_STORM:
		put_count(&text, part->records, "repeated attempt");
		buf_puts(&text, " in ");
		put_count(&text, (int64_t)part->item_total, "task");
		break;
	case ATTRIBUTION_FANOUT:
		number_group(&text, part->tasks);
		buf_puts(&text, " tasks where ");
		if (part->has_planned)
			number_group(&text, part->planned);
		else
			number_people(&text, number_round(part->mean_tasks, 1));
		buf_puts(&text,
		    part->has_planned ? " were allocated" : " are usual");
		break;
	case ATTRIBUTION_MODEL_MIX_SHIFT:
		buf_printf(&text,
		    "%.0f %% of the tokens moved to dearer models",
		    100 * part->moved);
		break;
	case ATTRIBUTION_UNKNOWN:
		break;
	}
	put_cost(&text, part);
	buf_printf(&text, " (%.0f %% of it)", 100 * part->share);
	return buf_keep(&text, arena);
}

/* The cause that explains most comes first. */
static void
add_causes(struct page *page, struct page_item *item,
    const struct attribution *attribution)
{
	const struct attribution_part *main = attribution_main(attribution);
	const struct attribution_part *part;

	page_line(page, item, "Cause",
	    main ? describe_part(page->arena, main)
		 : TEXT("unknown: no cause explains a quarter of it"));
	for (size_t i = 0; i < attribution->count; i++) {
		part = &attribution->parts[i];
		if (part != main)
			page_line(page, item, "Also found",
			    describe_part(page->arena, part));
	}
}

/* What fits the causes as they are now: those of the proposal are what they
 * were when it was made, before events that came late. */
static struct text
find_action(struct arena *arena, const struct daily_row *row)
{
	struct buf text = BUF_INIT;

	proposal_action(&text, row);
	return buf_keep(&text, arena);
}

static void
add_alert(struct page *page, struct page_block *block,
    const struct dashboard_alert *alert)
{
	const struct daily_row *row = alert->row;
	struct text scope = dashboard_text_name(page->arena,
	    dashboard_text_scope(page->arena, row));
	struct text figures = dashboard_grid_describe(page->arena, row);
	struct buf heading = BUF_INIT, proposal = BUF_INIT;
	struct buf measures = BUF_INIT;
	struct page_item *item;

	buf_add(&heading, scope.data, scope.len);
	buf_puts(&heading, " on ");
	when_day(&heading, row->day);
	buf_puts(&heading, ": ");
	buf_add(&heading, figures.data, figures.len);
	item = page_item(page, block, buf_keep(&heading, page->arena),
	    row->is_over ? PAGE_BAD : PAGE_WARN);
	proposal_measures(&measures, row);
	if (measures.len > 0)
		page_line(page, item, "Alert on",
		    buf_keep(&measures, page->arena));
	add_causes(page, item, &row->attribution);
	page_line(page, item, "Action", find_action(page->arena, row));
	if (!alert->proposal.data)
		return;
	buf_add(&proposal, alert->proposal.data, alert->proposal.len);
	if (alert->status.data) {
		buf_puts(&proposal, ", ");
		buf_add(&proposal, alert->status.data, alert->status.len);
	}
	page_line(page, item, "Proposal", buf_keep(&proposal, page->arena));
}

/* Days that are over and no surprise, or too early to be one. */
static void
note_over(struct page *page, struct page_section *section,
    const struct dashboard_daily *daily)
{
	size_t count = 0;

	for (size_t i = 0; i < daily->row_count; i++)
		count += daily->rows[i].is_over && !daily->rows[i].has_alert;
	if (count > 0)
		page_text(page, section,
		    arena_printf(page->arena,
			"%zu more day%s of a scope %s over what is allocated "
			"without an alert: as usual there, or too early to "
			"tell.",
			count, count == 1 ? "" : "s",
			count == 1 ? "is" : "are"));
}

int
dashboard_daily_alerts(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	const struct dashboard_daily *daily = &dashboard->daily;
	struct page_section *section;
	struct page_block *block;
	size_t shown =
	    daily->alert_count < ALERTS ? daily->alert_count : (size_t)ALERTS;

	(void)err;
	section = page_section(page, "alerts", "Alerts",
	    "Alerts, their causes and what to do", daily->command);
	if (daily->row_count == 0) {
		page_text(page, section, no_allocation(dashboard));
		return 0;
	}
	if (shown == 0) {
		page_text(page, section, "No alert on these days.");
	} else {
		block = page_block(page, section, PAGE_ITEMS);
		for (size_t i = 0; i < shown; i++)
			add_alert(page, block, &daily->alerts[i]);
	}
	if (daily->alert_count > shown)
		page_text(page, section,
		    arena_printf(page->arena, "and %zu more alerts",
			daily->alert_count - shown));
	note_over(page, section, daily);
	return 0;
}
