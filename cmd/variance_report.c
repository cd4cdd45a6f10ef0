#include "cmd/variance_report.h"

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/core/allocation.h"
#include "lib/render/table.h"
#include "lib/report/proposal.h"
#include "lib/store/days.h"
#include "lib/store/proposals.h"

enum {
	PLACES = 2, /* of ratios, for people */
};

const struct proposals_report variance_report = { proposal_action,
	proposal_page };

static const struct table_column columns[] = {
	{ "day", TABLE_TEXT },
	{ "scope", TABLE_TEXT },
	{ "measure", TABLE_TEXT },
	{ "allocated", TABLE_COUNT },
	{ "actual", TABLE_COUNT },
	{ "variance", TABLE_COUNT },
	{ "percent", TABLE_NUMBER },
	{ "z", TABLE_NUMBER },
	{ "cause", TABLE_TEXT },
	{ "state", TABLE_TEXT },
};

static const struct table_column csv_columns[] = {
	{ "day", TABLE_TEXT },
	{ "scope", TABLE_TEXT },
	{ "id", TABLE_TEXT },
	{ "allocated_tokens", TABLE_COUNT },
	{ "actual_tokens", TABLE_COUNT },
	{ "variance_tokens", TABLE_COUNT },
	{ "variance_pct", TABLE_NUMBER },
	{ "baseline_days", TABLE_COUNT },
	{ "baseline_mean", TABLE_NUMBER },
	{ "baseline_stddev", TABLE_NUMBER },
	{ "baseline_z", TABLE_NUMBER },
	{ "allocated_cost_usd", TABLE_MONEY },
	{ "actual_cost_usd", TABLE_MONEY },
	{ "variance_cost_usd", TABLE_MONEY },
	{ "cost_variance_pct", TABLE_NUMBER },
	{ "cost_baseline_days", TABLE_COUNT },
	{ "cost_baseline_mean", TABLE_NUMBER },
	{ "cost_baseline_stddev", TABLE_NUMBER },
	{ "cost_baseline_z", TABLE_NUMBER },
	{ "allocated_tasks", TABLE_COUNT },
	{ "actual_tasks", TABLE_COUNT },
	{ "over", TABLE_TEXT },
	{ "alerts", TABLE_TEXT },
	{ "reason", TABLE_TEXT },
	{ "share", TABLE_NUMBER },
	{ "unexplained_tokens", TABLE_COUNT },
	{ "alert_emitted_at", TABLE_TIME },
	{ "proposal", TABLE_TEXT },
};

static void
add_figure(struct table *table, enum daily_name name, bool has_value,
    money_int value)
{
	if (!has_value)
		table_null(table);
	else if (name == DAILY_COST)
		table_money(table, daily_money(value));
	else
		table_count(table, (int64_t)value);
}

static void
add_ratio(struct table *table, bool has_ratio, double ratio)
{
	if (has_ratio)
		table_number(table, ratio);
	else
		table_null(table);
}

static void
add_figures(struct table *table, enum daily_name name,
    const struct daily_measure *measure)
{
	add_figure(table, name, measure->is_allocated, measure->allocated);
	add_figure(table, name, measure->has_actual, measure->actual);
	add_figure(table, name, measure->is_allocated, measure->variance);
}

static void
add_day(struct table *table, struct when day)
{
	struct buf text = BUF_INIT;

	when_day(&text, day);
	table_string(table, arena_copy(table->arena, text.text, text.len));
	buf_release(&text);
}

static void
add_scope(struct table *table, const struct daily_row *row)
{
	struct buf text = BUF_INIT;

	allocation_write_scope(&text, row->dimension, row->id);
	table_text(table,
	    (struct text){ arena_copy(table->arena, text.text, text.len),
		text.len });
	buf_release(&text);
}

static const char *
state_of(const struct daily_measure *measure)
{
	if (measure->has_alert)
		return "alert";
	return measure->is_over ? "over" : NULL;
}

static void
add_line(struct table *table, const struct daily_row *row, enum daily_name name)
{
	const struct daily_measure *measure = &row->measure[name];

	table_row(table);
	add_day(table, row->day);
	add_scope(table, row);
	table_string(table, daily_names[name]);
	add_figures(table, name, measure);
	add_ratio(table, measure->has_pct, number_round(measure->pct, PLACES));
	add_ratio(table, measure->baseline.has_z,
	    number_round(measure->baseline.z, PLACES));
	table_string(table, row->is_allocated
				? attribution_name(row->attribution.reason)
				: NULL);
	table_string(table, state_of(measure));
}

/* Where neither is allocated, the tasks are. */
static void
add_tasks(struct table *table, const struct daily_row *row)
{
	table_row(table);
	add_day(table, row->day);
	add_scope(table, row);
	table_string(table, "tasks");
	table_count(table, row->tasks_allocated);
	table_count(table, row->tasks);
	table_count(table, row->tasks - row->tasks_allocated);
}

static void
add_lines(struct table *table, const struct daily_row *row)
{
	for (int name = 0; name < DAILY_COUNT; name++)
		if (row->measure[name].has_actual)
			add_line(table, row, (enum daily_name)name);
	if (row->has_tasks)
		add_tasks(table, row);
}

static void
add_baseline(struct table *table, const struct daily_measure *measure)
{
	const struct daily_baseline *baseline = &measure->baseline;

	add_ratio(table, measure->has_pct, measure->pct);
	add_figure(table, DAILY_TOKENS, measure->is_allocated, baseline->days);
	add_ratio(table, baseline->has_mean, baseline->mean);
	add_ratio(table, baseline->has_stddev, baseline->stddev);
	add_ratio(table, baseline->has_z, baseline->z);
}

static void
add_alerts(struct table *table, const struct daily_row *row)
{
	struct buf text = BUF_INIT;

	for (int name = 0; name < DAILY_COUNT; name++)
		if (row->measure[name].has_alert)
			buf_printf(&text, "%s%s", text.len > 0 ? " " : "",
			    daily_names[name]);
	table_string(table, text.len > 0
				? arena_copy(table->arena, text.text, text.len)
				: NULL);
	buf_release(&text);
}

static void
add_csv(struct table *table, const struct daily_row *row)
{
	const struct attribution *attribution = &row->attribution;
	const struct attribution_part *part = attribution_main(attribution);

	table_row(table);
	add_day(table, row->day);
	table_string(table, query_dimension_name(row->dimension));
	table_text(table, row->id);
	for (int name = 0; name < DAILY_COUNT; name++) {
		add_figures(table, (enum daily_name)name, &row->measure[name]);
		add_baseline(table, &row->measure[name]);
	}
	add_figure(table, DAILY_TOKENS, row->has_tasks, row->tasks_allocated);
	table_count(table, row->tasks);
	table_string(table, row->is_over ? "true" : "false");
	add_alerts(table, row);
	table_string(table, attribution_name(attribution->reason));
	add_ratio(table, part != NULL, part ? part->share : 0);
	add_figure(table, DAILY_TOKENS, attribution->has_unexplained,
	    attribution->unexplained_tokens);
	table_time(table, row->alert_emitted_at);
	table_text(table, row->proposal);
}

void
variance_report_table(struct table *out, struct arena *arena,
    const struct days *days, bool is_csv)
{
	if (is_csv)
		table_init(out, arena, csv_columns,
		    sizeof(csv_columns) / sizeof(csv_columns[0]));
	else
		table_init(out, arena, columns,
		    sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < days->count; i++)
		if (is_csv)
			add_csv(out, &days->rows[i]);
		else
			add_lines(out, &days->rows[i]);
}
