#include "lib/report/dashboard.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/zone.h"
#include "lib/core/daily.h"
#include "lib/core/usage.h"
#include "lib/core/variance.h"
#include "lib/render/chart.h"
#include "lib/render/page.h"
#include "lib/render/page_markdown.h"
#include "lib/report/dashboard_grid.h"
#include "tests/unit/scratch.h"

enum {
	ROWS_MOST = 40,
};

static struct arena arena = ARENA_INIT;
static const struct zone utc = ZONE_UTC;
static struct query answers[DASHBOARD_ANSWERS];
static struct dashboard dashboard;
static struct page page;
static struct buf out = BUF_INIT;
static struct daily_row rows[ROWS_MOST];

static struct when
day(const char *text)
{
	struct when when;

	cr_assert(eq(int, when_parse_day(&when, text, strlen(text)), 0));
	return when;
}

static void
begin(void)
{
	for (size_t i = 0; i < DASHBOARD_ANSWERS; i++)
		query_init(&answers[i], &arena, dashboard_questions[i].by,
		    dashboard_questions[i].count, NULL, &utc);
	dashboard = (struct dashboard){ .arena = &arena,
		.filters = "",
		.zone = "UTC",
		.answers = answers,
		.daily = { .first = day("2026-11-08"),
		    .day_count = 14,
		    .rows = rows,
		    .command = "meter variance daily --days 14" } };
}

static void
release(void)
{
	buf_release(&out);
	arena_release(&arena);
}

TestSuite(dashboard, .init = begin, .fini = release);

/* A call with a cost, of a task, and of an entity where there is one. */
static struct usage
call(const char *at, const char *model, const char *task, const char *cost)
{
	struct usage usage = { .at = day(at),
		.attempt = 1,
		.calls = 1,
		.input_tokens = 100,
		.output_tokens = 10,
		.cost_status = USAGE_COST_KNOWN };

	usage.dimension[USAGE_MODEL] = text_of(model);
	usage.dimension[USAGE_TASK] = text_of(task);
	usage.dimension[USAGE_RESOURCE] = TEXT("llm");
	usage.dimension[USAGE_STATUS] = TEXT("ok");
	cr_assert(money_parse(&usage.cost_usd, cost, strlen(cost)) == MONEY_OK);
	return usage;
}

static void
add(struct usage usage)
{
	struct error err = { 0 };

	for (size_t i = 0; i < DASHBOARD_ANSWERS; i++)
		cr_assert(eq(int, query_add(&answers[i], &usage, &err), 0),
		    "%s", err.text);
}

static void
make(void)
{
	struct error err = { 0 };

	cr_assert(eq(int, dashboard_page(&page, &dashboard, &err), 0), "%s",
	    err.text);
	page_markdown(&out, &page);
}

static void
expect_in(const char *part)
{
	cr_expect(strstr(out.text, part) != NULL, "%s\nis not in\n%s", part,
	    out.text);
}

static void
expect_not_in(const char *part)
{
	cr_expect(strstr(out.text, part) == NULL, "%s\nis in\n%s", part,
	    out.text);
}

static const struct page_section *
section(const char *id)
{
	const struct page_section *found = page.sections;

	while (found && strcmp(found->id, id) != 0)
		found = found->next;
	cr_assert(found != NULL, "%s", id);
	return found;
}

Test(dashboard, says_what_to_do_first)
{
	make();
	cr_expect(strcmp(page.sections->id, "start") == 0);
	cr_expect(page.sections->next == NULL);
	expect_in("meter record run run.json");
}

Test(dashboard, says_that_the_filters_leave_nothing)
{
	dashboard.filters = " --repo nowhere";
	make();
	cr_expect(page.sections->next == NULL);
	expect_in("**Only**: \\-\\-repo nowhere");
	expect_in("`meter usage --repo nowhere`");
	expect_not_in("meter record run");
}

Test(dashboard, puts_first_what_matters_most)
{
	static const char *const ids[] = { "run", "cost", "days", "allocations",
		"repos", "workstreams", "models", "agents", "tasks", "entities",
		"efficiency", "calls", "heatmap", "alerts" };
	const struct page_section *found;

	add(call("2026-11-20", "m", "t", "1"));
	make();
	found = page.sections;
	for (size_t i = 0; i < SCRATCH_COUNT(ids); i++) {
		cr_assert(found != NULL);
		cr_expect(strcmp(found->id, ids[i]) == 0, "%s", ids[i]);
		found = found->next;
	}
	cr_expect(found == NULL);
}

Test(dashboard, names_commands_with_the_filters)
{
	dashboard.filters = " --repo site";
	add(call("2026-11-20", "m", "t", "1"));
	make();
	expect_in("`meter usage --json --repo site`");
	expect_in("`meter usage --by day,model --repo site`");
	expect_in("`meter usage --by task --sort total_tokens --repo site`");
	expect_in("`meter usage --by model --sort cost_usd --repo site`");
}

/* Twelve models have a row, the others share one, and all add up. */
Test(dashboard, shares_a_row_among_what_has_no_room)
{
	for (int i = 0; i < 15; i++)
		add(call("2026-11-20", arena_printf(&arena, "model%02d", i),
		    NULL, i < 12 ? "2" : "1"));
	add(call("2026-11-20", NULL, NULL, "0.5"));
	make();
	expect_in("| and 3 more models |  | 3 | 330 | $3.0000 |\n"
		  "| \\(none\\) |  | 1 | 110 | $0.5000 |\n"
		  "| Total |  | 16 | 1,760 | $27.5000 |\n");
	expect_not_in("model12 |");
	expect_in("No usage names a task");
}

/* Days without usage are places of the chart too. */
Test(dashboard, draws_each_day_between_the_first_and_the_last)
{
	const struct chart_stack *stack;

	add(call("2026-11-18", "a", NULL, "1"));
	add(call("2026-11-20", "b", NULL, "3"));
	make();
	stack = &section("days")->blocks->stack;
	cr_assert(eq(sz, stack->place_count, 3));
	cr_expect(eq(dbl, stack->sizes[0], 1));
	cr_expect(eq(dbl, stack->sizes[1], 0));
	cr_expect(eq(dbl, stack->sizes[2], 3));
	cr_expect(stack->totals[1].data == NULL);
	cr_expect(text_is(stack->places[1], "2026-11-19"));
	cr_expect(text_is(stack->details[2], "$3.0000: b $3.0000"));
	cr_assert(eq(sz, stack->series_count, 2));
	cr_expect(text_is(stack->series[0].name, "b"));
}

Test(dashboard, draws_years_by_month)
{
	const struct chart_stack *stack;

	add(call("2024-11-18", "a", NULL, "1"));
	add(call("2024-11-30", "a", NULL, "2"));
	add(call("2026-01-01", "a", NULL, "4"));
	make();
	stack = &section("days")->blocks->stack;
	cr_assert(eq(sz, stack->place_count, 15));
	cr_expect(text_is(stack->places[0], "2024-11"));
	cr_expect(text_is(stack->places[2], "2025-01"));
	cr_expect(text_is(stack->places[14], "2026-01"));
	cr_expect(eq(dbl, stack->sizes[0], 3));
	expect_in("`meter usage --by month,model`");
}

/* A zone may bring the first day out of the calendar: nothing is drawn. */
Test(dashboard, draws_no_day_that_is_none)
{
	const struct zone behind = { "-05:00", true,
		-(int64_t)5 * 3600 * 1000000 };

	query_init(&answers[DASHBOARD_DAYS], &arena,
	    dashboard_questions[DASHBOARD_DAYS].by, 2, NULL, &behind);
	add(call("0001-01-01", "m", NULL, "1"));
	add(call("2026-11-20", "m", NULL, "1"));
	make();
	expect_in("## Total cost");
	expect_not_in("## Cost a");
}

Test(dashboard, draws_no_cost_where_there_is_none)
{
	add(call("2026-11-20", "m", "t", "0"));
	make();
	expect_in("Nothing that has a price was used on these days");
	expect_in("`meter usage --by model --sort total_tokens`");
}

Test(dashboard, shows_the_dearest_entities_by_type)
{
	struct usage usage = call("2026-11-20", "m", NULL, "1");

	usage.dimension[USAGE_ENTITY_TYPE] = TEXT("ticket");
	for (int i = 0; i < 7; i++) {
		usage.dimension[USAGE_ENTITY_ID] =
		    text_of(arena_printf(&arena, "T:%d", i));
		add(usage);
	}
	usage.dimension[USAGE_ENTITY_TYPE] = TEXT("tick");
	add(usage);
	make();
	expect_in("| ticket | \xe2\x96\x88");
	expect_in("### ticket\n");
	expect_in("| T\\:0 | ");
	expect_in("| and 2 more entities |  | 2 | 220 | $2.0000 |\n"
		  "| Total |  | 7 | 770 | $7.0000 |\n");
	expect_in("### tick\n");
	expect_in("`meter usage --by entity --sort cost_usd`");
	expect_in("`meter usage --by entity_type --sort cost_usd`");
}

Test(dashboard, counts_what_failed)
{
	struct usage usage = call("2026-11-20", "m", NULL, "1");

	usage.dimension[USAGE_PROVIDER] = TEXT("openai");
	add(usage);
	usage.dimension[USAGE_STATUS] = TEXT("error");
	add(usage);
	usage.dimension[USAGE_STATUS] = TEXT("rate_limited");
	add(usage);
	add(usage);
	make();
	expect_in("| openai | llm | 4 | 1 | 2 | 0 | 0 | 75\\.00 % |");
	expect_in("75\\.00 % of calls failed");
}

static struct variance
make_run(void)
{
	return (struct variance){ .run_index = 3,
		.snapshot_id = TEXT("abc"),
		.is_resolved = true,
		.calls = { true, 2, 3 },
		.prompt_tokens = { true, 100, 90 },
		.total_tokens = { false, 0, 120 } };
}

Test(dashboard, compares_the_last_run_with_its_plan)
{
	struct variance run = make_run();

	dashboard.run = &run;
	dashboard.run_command = "meter variance";
	dashboard.run_unpriced = 1;
	make();
	expect_in("| Calls | 2 | 3 | 1 | 1.5 |");
	expect_in("| Prompt tokens | 100 | 90 | -10 | 0.9 |");
	expect_in("| Total tokens | - | 120 | - | - |");
	expect_in("Run 3, plan abc, 1 call that nothing prices counts as 0");
	expect_in("`meter variance`");
}

/* A scope of a quest: its tokens on a day. */
static void
add_row(const char *at, const char *id, int64_t used, int64_t allocated,
    bool has_alert)
{
	struct daily_row *row = &rows[dashboard.daily.row_count++];
	struct daily_measure *measure = &row->measure[DAILY_TOKENS];

	*row = (struct daily_row){ .day = day(at),
		.dimension = (enum query_dimension)USAGE_QUEST,
		.id = text_of(id),
		.is_allocated = true,
		.has_alert = has_alert,
		.is_over = 4 * used > 5 * allocated,
		.attribution = { .reason = ATTRIBUTION_UNKNOWN } };
	*measure = (struct daily_measure){ .has_actual = true,
		.actual = used,
		.is_allocated = true,
		.allocated = allocated,
		.variance = used - allocated,
		.has_pct = allocated > 0,
		.pct = allocated > 0 ? 100.0 * (double)(used - allocated) /
					   (double)allocated
				     : 0,
		.is_over = row->is_over,
		.has_alert = has_alert };
}

Test(dashboard, draws_what_was_allocated_and_used)
{
	const struct page_block *block;

	add_row("2026-11-20", "a", 50, 100, false);
	add_row("2026-11-20", "b", 300, 100, false);
	add_row("2026-11-21", "a", 120, 100, false);
	make();
	block = section("allocations")->blocks;
	cr_assert(eq(sz, block->line_count, 2));
	cr_expect(text_is(block->lines[0].name, "quest:b (tokens)"));
	cr_expect(block->lines[0].is_over);
	cr_expect(text_is(block->lines[1].summary,
	    "170 used of 200 tokens (-15%), at most 120 a day"));
	cr_expect(eq(dbl, block->lines[1].used[12], 50));
	cr_expect(eq(dbl, block->lines[1].allowed[0], -1));
	expect_in("1 more day of a scope is over");
}

Test(dashboard, makes_a_grid_of_scopes_and_days)
{
	struct chart_grid grid;
	size_t count;

	add_row("2026-11-20", "b", 300, 100, true);
	add_row("2026-11-20", "a", 7, 0, false);
	add_row("2026-11-21", "b", 100, 100, false);
	count = dashboard_grid(&grid, &arena, &dashboard.daily, "heat", 1);
	cr_expect(eq(sz, count, 2));
	cr_assert(eq(sz, grid.row_count, 1));
	count = dashboard_grid(&grid, &arena, &dashboard.daily, "heat", 0);
	cr_assert(eq(sz, grid.row_count, 2));
	cr_assert(eq(sz, grid.column_count, 14));
	cr_expect(text_is(grid.rows[1], "quest:b"));
	cr_expect(grid.cells[14 + 12].is_alert);
	cr_expect(eq(dbl, grid.cells[14 + 12].percent, 200));
	cr_expect(text_is(grid.cells[14 + 12].text,
	    "quest:b, 2026-11-20: +200% (300 of 100 tokens), alert"));
	cr_expect(eq(int, grid.cells[14].is_allowed, 0));
	cr_expect(
	    text_is(grid.cells[14].text, "quest:b, 2026-11-08: no allocation"));
	cr_expect(eq(int, grid.cells[12].has_percent, 0));
	cr_expect(grid.cells[12].is_over);
}

Test(dashboard, tells_causes_and_actions_of_alerts)
{
	struct dashboard_alert alerts[2];
	struct attribution *attribution;

	add_row("2026-11-20", "b", 300, 100, true);
	add_row("2026-11-21", "c", 1, 100, true);
	attribution = &rows[0].attribution;
	attribution->reason = ATTRIBUTION_FANOUT;
	attribution->parts =
	    arena_array(&arena, 1, sizeof(*attribution->parts));
	attribution->count = 1;
	attribution->parts[0] =
	    (struct attribution_part){ .code = ATTRIBUTION_FANOUT,
		    .has_tokens = true,
		    .tokens = 1150,
		    .share = 0.575,
		    .tasks = 1400,
		    .mean_tasks = 7.25,
		    .tokens_a_task = 20 };
	alerts[0] = (struct dashboard_alert){ &rows[1], TEXT_NULL, TEXT_NULL };
	alerts[1] = (struct dashboard_alert){ &rows[0],
		TEXT("2026-11-20-quest-b"), TEXT("open") };
	dashboard.daily.alerts = alerts;
	dashboard.daily.alert_count = 2;
	rows[0].measure[DAILY_TOKENS].has_alert = true;
	rows[0].measure[DAILY_COST].has_alert = true;
	make();
	expect_in("- **Alert on**: tokens and cost\n- **Cause**: fanout");
	expect_in("**Alerts**: 2 in the 14 days to 2026\\-11\\-21");
	expect_in("### quest\\:c on 2026\\-11\\-21\\: \\-99% "
		  "\\(1 of 100 tokens\\)\n\n"
		  "- **Alert on**: tokens\n- **Cause**: unknown");
	expect_in("- **Action**: look closer");
	expect_in("- **Cause**: fanout\\: 1,400 tasks where 7\\.2 are usual, "
		  "1,150 tokens \\(57 % of it\\)\n"
		  "- **Action**: cap the fan\\-out\\: 1,400 tasks ran where "
		  "7\\.2 are usual; one more takes about 20 tokens, "
		  "\\$0\\.0000\n"
		  "- **Proposal**: 2026\\-11\\-20\\-quest\\-b, open\n");
}

Test(dashboard, adds_up_allocations_that_are_as_good_as_none)
{
	add_row("2026-11-20", "b", 2, 3, false);
	add_row("2026-11-21", "b", 3, 3, false);
	rows[0].measure[DAILY_TOKENS].allocated = INT64_MAX;
	rows[1].measure[DAILY_TOKENS].allocated = INT64_MAX;
	make();
	expect_in("5 used of 18,446,744,073,709,551,614 tokens");
}

Test(dashboard, refuses_costs_whose_sum_does_not_fit)
{
	struct daily_measure *measure;
	struct error err = { 0 };

	add_row("2026-11-20", "b", 2, 3, false);
	add_row("2026-11-21", "b", 3, 3, false);
	for (int i = 0; i < 2; i++) {
		measure = &rows[i].measure[DAILY_COST];
		*measure = rows[i].measure[DAILY_TOKENS];
		measure->allocated = (money_int)1 << 126;
	}
	cr_expect(eq(int, dashboard_page(&page, &dashboard, &err), -1));
	cr_expect(eq(int, err.kind, ERROR_DATA));
}

Test(dashboard, shows_the_largest_mean)
{
	struct usage usage = call("2026-11-21", "m", "t", "1");

	usage.input_tokens = INT64_MAX;
	usage.output_tokens = 0;
	add(usage);
	make();
	expect_in(" 9,223,372,036,854,775,808 ");
}
