#include "lib/report/dashboard.h"

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/render/page.h"
#include "lib/report/dashboard_parts.h"
#include "lib/report/dashboard_text.h"

const struct dashboard_question dashboard_questions[DASHBOARD_ANSWERS] = {
	[DASHBOARD_DAYS] = { 2,
	    { QUERY_DAY, (enum query_dimension)USAGE_MODEL } },
	[DASHBOARD_REPOS] = { 1, { (enum query_dimension)USAGE_REPO } },
	[DASHBOARD_WORKSTREAMS] = { 1,
	    { (enum query_dimension)USAGE_WORKSTREAM } },
	[DASHBOARD_MODELS] = { 1, { (enum query_dimension)USAGE_MODEL } },
	[DASHBOARD_AGENTS] = { 1, { (enum query_dimension)USAGE_AGENT } },
	[DASHBOARD_TASKS] = { 1, { (enum query_dimension)USAGE_TASK } },
	[DASHBOARD_ENTITY_TYPES] = { 1,
	    { (enum query_dimension)USAGE_ENTITY_TYPE } },
	[DASHBOARD_ENTITIES] = { 1, { QUERY_ENTITY } },
	[DASHBOARD_CALLS] = { 2, { (enum query_dimension)USAGE_PROVIDER,
				     (enum query_dimension)USAGE_RESOURCE } },
};

/* The sections of the page, in the order of what matters. */
static dashboard_part *const parts[] = {
	dashboard_run,
	dashboard_cost,
	dashboard_cost_days,
	dashboard_daily_lines,
	dashboard_groups_repos,
	dashboard_groups_workstreams,
	dashboard_groups_models,
	dashboard_groups_agents,
	dashboard_groups_tasks,
	dashboard_groups_entities,
	dashboard_rates_efficiency,
	dashboard_rates_calls,
	dashboard_daily_heatmap,
	dashboard_daily_alerts,
};

const char *
dashboard_command(const struct dashboard *dashboard, const char *command)
{
	return arena_printf(dashboard->arena, "%s%s", command,
	    dashboard->filters);
}

int
dashboard_finish(struct dashboard *dashboard, enum dashboard_answer answer,
    enum query_measure measure, struct error *err)
{
	struct query *query = &dashboard->answers[answer];
	struct query_order order = { .by_measure = true, .measure = measure };

	if (query->groups)
		return 0;
	return query_finish(query,
	    measure == QUERY_MEASURE_COUNT ? NULL : &order, 0, err);
}

const struct query_measures *
dashboard_total(const struct dashboard *dashboard)
{
	return &dashboard->answers[DASHBOARD_MODELS].total.measures;
}

/* From the first day that has usage to the last. */
static struct text
describe_days(const struct dashboard *dashboard)
{
	const struct query *days = &dashboard->answers[DASHBOARD_DAYS];
	struct text first = days->groups[0]->values[0];
	struct text last = days->groups[days->group_count - 1]->values[0];
	struct buf text = BUF_INIT;

	buf_add(&text, first.data, first.len);
	if (!text_equal(first, last)) {
		buf_puts(&text, " to ");
		buf_add(&text, last.data, last.len);
	}
	buf_printf(&text, " (%s)", dashboard->zone);
	return buf_keep(&text, dashboard->arena);
}

static struct text
describe_alerts(const struct dashboard *dashboard)
{
	const struct dashboard_daily *daily = &dashboard->daily;
	struct buf text = BUF_INIT;

	buf_printf(&text, "%zu in the %zu days to ", daily->alert_count,
	    daily->day_count);
	when_day(&text,
	    when_add_days(daily->first, (int64_t)daily->day_count - 1));
	return buf_keep(&text, dashboard->arena);
}

static void
put_leads(struct page *page, const struct dashboard *dashboard)
{
	struct buf text = BUF_INIT;

	if (dashboard->answers[DASHBOARD_DAYS].group_count > 0)
		page_lead(page, "Usage of", describe_days(dashboard))->command =
		    dashboard_command(dashboard, "meter usage --by day");
	if (*dashboard->filters != '\0')
		page_lead(page, "Only", text_of(dashboard->filters + 1));
	if (dashboard->daily.row_count > 0)
		page_lead(page, "Alerts", describe_alerts(dashboard))->command =
		    dashboard->daily.command;
	if (!dashboard->has_time)
		return;
	when_people(&text, dashboard->now);
	buf_puts(&text, " UTC");
	page_lead(page, "Made", buf_keep(&text, dashboard->arena));
}

/* What to do where there is nothing to show. */
static void
put_start(struct page *page, const struct dashboard *dashboard)
{
	struct page_section *section;

	if (*dashboard->filters != '\0') {
		section = page_section(page, "start", "First steps",
		    "Nothing to show",
		    dashboard_command(dashboard, "meter usage"));
		page_text(page, section,
		    "No usage is recorded of this kind, and no allocation. "
		    "Without the filters the page shows everything.");
		return;
	}
	section = page_section(page, "start", "First steps",
	    "Nothing is recorded yet", NULL);
	page_text(page, section,
	    "This page fills with what is recorded: a plan and a run, or single "
	    "calls.");
	page_block(page, section, PAGE_CODE)->text =
	    TEXT("meter plan record plan.json\nmeter record run run.json\n"
		 "meter record event --model gpt-4o --input-tokens 1200 "
		 "--output-tokens 300 --task t-1 --repo site");
	page_text(page, section,
	    "To see a day beside what it may use, say how much that is:");
	page_block(page, section, PAGE_CODE)->text =
	    TEXT("meter plan allocate repo:site --tokens 100000 --cost 2.50");
	page_text(page, section, "Then make the page again:");
	page_block(page, section, PAGE_CODE)->text = TEXT("meter report html");
	page_text(page, section,
	    "meter help lists the commands, and meter help record tells "
	    "what can be recorded, and how.");
}

static bool
is_empty(const struct dashboard *dashboard)
{
	return dashboard_total(dashboard)->count[QUERY_RECORDS] == 0 &&
	       dashboard->daily.row_count == 0 && !dashboard->run;
}

int
dashboard_page(struct page *out, struct dashboard *dashboard, struct error *err)
{
	const size_t count = sizeof(parts) / sizeof(parts[0]);

	page_init(out, dashboard->arena, "Usage and budget");
	if (dashboard_finish(dashboard, DASHBOARD_MODELS,
		QUERY_MEASURE_COST_USD, err) < 0 ||
	    dashboard_finish(dashboard, DASHBOARD_DAYS, QUERY_MEASURE_COUNT,
		err) < 0)
		return -1;
	put_leads(out, dashboard);
	if (is_empty(dashboard)) {
		put_start(out, dashboard);
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		if (parts[i](out, dashboard, err) < 0)
			return -1;
	return 0;
}
