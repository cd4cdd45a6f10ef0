#include "lib/report/dashboard_parts.h"

#include "lib/base/arena.h"
#include "lib/render/page.h"
#include "lib/report/dashboard_text.h"

enum {
	MODELS = 12, /* that are shown */
	PROVIDERS = 20,
};

static const struct table_column efficiency_columns[] = {
	{ "Model", TABLE_TEXT },
	{ "Output per prompt token", TABLE_COUNT },
	{ "Cache hits", TABLE_COUNT },
	{ "Cost per 1,000 output", TABLE_COUNT },
	{ "Tokens a call", TABLE_COUNT },
};

static const struct table_column call_columns[] = {
	{ "Provider", TABLE_TEXT },
	{ "Resource", TABLE_TEXT },
	{ "Calls", TABLE_COUNT },
	{ "Errors", TABLE_COUNT },
	{ "Rate limited", TABLE_COUNT },
	{ "Quota used up", TABLE_COUNT },
	{ "Retries", TABLE_COUNT },
	{ "Failed", TABLE_COUNT },
};

/* The four ratios as texts. */
struct ratios {
	struct text output, cache, price, tokens;
};

static struct ratios
ratios_of(struct arena *arena, const struct query_measures *measures)
{
	struct query_value output, cache, price, tokens;

	output = query_measures_value(measures, QUERY_MEASURE_OUTPUT_PER_INPUT);
	cache = query_measures_value(measures, QUERY_MEASURE_CACHE_HIT_RATE);
	price =
	    query_measures_value(measures, QUERY_MEASURE_COST_PER_1K_OUTPUT);
	tokens = query_measures_value(measures, QUERY_MEASURE_TOKENS_PER_CALL);
	return (struct ratios){
		dashboard_text_ratio(arena, output.is_null, output.ratio),
		dashboard_text_share(arena, cache.is_null, cache.ratio),
		dashboard_text_price(arena, price.is_null, price.ratio),
		dashboard_text_mean(arena, tokens.is_null, tokens.ratio),
	};
}

static void
add_ratios(struct table *table, struct text name,
    const struct query_measures *measures)
{
	struct ratios ratios = ratios_of(table->arena, measures);

	table_row(table);
	table_text(table, dashboard_text_name(table->arena, name));
	table_text(table, ratios.output);
	table_text(table, ratios.cache);
	table_text(table, ratios.price);
	table_text(table, ratios.tokens);
}

static void
add_models(struct page *page, struct page_section *section,
    const struct query *models)
{
	struct table *table;

	table = &page_table(page, section, "Efficiency by model",
	    efficiency_columns,
	    sizeof(efficiency_columns) / sizeof(efficiency_columns[0]))
		     ->table;
	for (size_t i = 0; i < models->group_count && i < MODELS; i++)
		add_ratios(table, models->groups[i]->values[0],
		    &models->groups[i]->measures);
	if (models->group_count > MODELS)
		table_note(table,
		    arena_printf(page->arena,
			"and %zu more models, in the figures above",
			models->group_count - MODELS));
}

int
dashboard_rates_efficiency(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	const struct query *models = &dashboard->answers[DASHBOARD_MODELS];
	struct ratios ratios =
	    ratios_of(page->arena, dashboard_total(dashboard));
	struct page_section *section;
	struct page_block *block;

	(void)err;
	section =
	    page_section(page, "efficiency", "Efficiency", "Token efficiency",
		dashboard_command(dashboard, "meter usage --by model --json"));
	block = page_block(page, section, PAGE_FIGURES);
	page_figure(page, block, "Output per prompt token", ratios.output);
	page_figure(page, block, "Cache hits", ratios.cache)->note =
	    TEXT("of the prompt tokens");
	page_figure(page, block, "Cost per 1,000 output", ratios.price);
	page_figure(page, block, "Tokens a call", ratios.tokens);
	if (models->group_count > 1)
		add_models(page, section, models);
	return 0;
}

static void
add_calls(struct table *table, struct text provider, struct text resource,
    const struct query_measures *measures)
{
	const int64_t *count = measures->count;
	struct query_value rate =
	    query_measures_value(measures, QUERY_MEASURE_FAILURE_RATE);

	table_row(table);
	table_text(table, dashboard_text_name(table->arena, provider));
	table_text(table, resource);
	table_count(table, count[QUERY_CALLS]);
	table_count(table, count[QUERY_ERRORS]);
	table_count(table, count[QUERY_RATE_LIMITED]);
	table_count(table, count[QUERY_QUOTA]);
	table_count(table, count[QUERY_RETRIES]);
	table_text(table,
	    dashboard_text_share(table->arena, rate.is_null, rate.ratio));
}

/* Usage without a call and a failure is not about calls. */
static bool
is_called(const struct query_measures *measures)
{
	const int64_t *count = measures->count;

	return count[QUERY_CALLS] > 0 || count[QUERY_ERRORS] > 0 ||
	       count[QUERY_RATE_LIMITED] > 0 || count[QUERY_QUOTA] > 0 ||
	       count[QUERY_RETRIES] > 0;
}

static int
fill_calls(struct page_table *shown, const struct query *query,
    struct error *err)
{
	struct table *table = &shown->table;
	struct query_measures rest = { .amounts = NULL };
	const struct query_group *group;
	size_t more = 0;

	for (size_t i = 0; i < query->group_count; i++) {
		group = query->groups[i];
		if (!is_called(&group->measures))
			continue;
		if (table->row_count < PROVIDERS) {
			add_calls(table, group->values[0], group->values[1],
			    &group->measures);
			continue;
		}
		more++;
		if (query_measures_merge(&rest, table->arena, &group->measures,
			err) < 0)
			return -1;
	}
	if (more > 0)
		add_calls(table,
		    text_of(arena_printf(table->arena, "and %zu more", more)),
		    TEXT(""), &rest);
	shown->has_total = table->row_count > 1;
	if (shown->has_total)
		add_calls(table, TEXT("Total"), TEXT(""),
		    &query->total.measures);
	return 0;
}

int
dashboard_rates_calls(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	struct page_section *section;
	struct page_table *shown;

	if (dashboard_finish(dashboard, DASHBOARD_CALLS, QUERY_MEASURE_CALLS,
		err) < 0)
		return -1;
	section = page_section(page, "calls", "API calls",
	    "API calls, and which failed",
	    dashboard_command(dashboard,
		"meter usage --by provider,resource --sort calls --json"));
	shown = page_table(page, section, "Calls by provider", call_columns,
	    sizeof(call_columns) / sizeof(call_columns[0]));
	if (fill_calls(shown, &dashboard->answers[DASHBOARD_CALLS], err) < 0)
		return -1;
	if (shown->table.row_count == 0)
		page_text(page, section, "No call is recorded.");
	return 0;
}
