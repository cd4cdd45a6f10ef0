#include "lib/core/variance.h"

#include "lib/core/plan.h"
#include "lib/core/run.h"
#include "lib/core/run_stored.h"
#include "tests/unit/scratch.h"

static struct arena arena = ARENA_INIT;
static struct error err;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(variance, .fini = release);

static struct plan
plan_from(const char *yaml)
{
	struct plan plan;

	cr_assert(plan_read(&plan, &arena, scratch_yaml(&arena, yaml), &err) ==
		      0,
	    "%s", err.text);
	return plan;
}

static struct run
run_from(const char *yaml)
{
	struct run run;

	cr_assert(run_stored_read(&run, &arena, scratch_yaml(&arena, yaml),
		      &err) == 0,
	    "%s", err.text);
	return run;
}

static const char usual_run[] =
    "run_index: 7\ncompleted_at: now\nsnapshot_id: abc\n"
    "duration_seconds: 1.5\n"
    "rollup: {total_calls: 3, total_prompt_tokens: 2600, "
    "total_tokens: 3150, total_cost_usd_known: 0.0075, "
    "total_cost_usd_estimated: 0.0057}\n"
    "per_bucket:\n"
    "- {workflow_id: review, calls: 1, prompt_tokens: 700}\n"
    "- {workflow_id: draft, calls: 1, prompt_tokens: 1000}\n"
    "- {workflow_id: '', calls: 9}\n"
    "- {workflow_id: draft, calls: 1, prompt_tokens: 900}\n";

static const char usual_plan[] =
    "snapshot_id: abc\ntotal_provider_calls_estimate: 6\n"
    "total_prompt_tokens_estimate: 2400\nestimated_cost_usd: 0.024\n"
    "per_workflow:\n"
    "- {workflow_id: draft, calls: 3, prompt_words_estimate: 12}\n"
    "- {workflow_id: never, calls: 2}\n";

static struct money
parse(const char *text)
{
	struct money money = MONEY_ZERO;

	cr_assert(money_parse(&money, text, strlen(text)) == MONEY_OK);
	return money;
}

Test(variance, stands_a_run_beside_its_plan)
{
	struct plan plan = plan_from(usual_plan);
	struct run run = run_from(usual_run);
	struct variance v;
	double ratio;

	cr_assert(variance_compute(&v, &arena, &run, &plan, &err) == 0);
	cr_expect(v.is_resolved);
	cr_expect(text_is(v.recorded_at, "now"));
	cr_expect(text_is(v.snapshot_id, "abc"));
	cr_expect(eq(i64, v.run_index, 7));
	cr_expect(v.has_duration);
	cr_expect(eq(dbl, v.duration_seconds, 1.5));
	cr_expect(eq(i64, variance_delta(&v.calls), -3));
	cr_expect(variance_ratio(&ratio, &v.calls));
	cr_expect(eq(dbl, ratio, 0.5));
	cr_expect(eq(i64, variance_delta(&v.prompt_tokens), 200));
	cr_expect(variance_ratio(&ratio, &v.prompt_tokens));
	cr_expect(eq(dbl, ratio, 1.0833));
	cr_expect(eq(i64, v.total_tokens.estimated, 2400));
	cr_expect(eq(i64, variance_delta(&v.total_tokens), 750));
	cr_expect(eq(dbl, variance_cost_delta(&v.cost), -0.0108));
	cr_expect(variance_cost_ratio(&ratio, &v.cost));
	cr_expect(eq(dbl, ratio, 0.55));
	cr_expect(eq(int, money_compare(v.cost.total, parse("0.0132")), 0));
}

Test(variance, lists_every_workflow_that_was_planned_or_ran)
{
	struct plan plan = plan_from(usual_plan);
	struct run run = run_from(usual_run);
	const struct variance_workflow *w;
	struct variance v;

	cr_assert(variance_compute(&v, &arena, &run, &plan, &err) == 0);
	cr_assert(eq(sz, v.workflow_count, 3));
	w = variance_find(&v, TEXT("draft"));
	cr_assert(w == &v.workflows[0]);
	cr_expect(w->calls.has_estimate);
	cr_expect(eq(i64, w->calls.estimated, 3));
	cr_expect(eq(i64, w->calls.actual, 2));
	cr_expect(eq(i64, w->prompt_tokens, 1900));
	cr_expect(text_is(w->prompt_words->text, "12"));
	w = variance_find(&v, TEXT("never"));
	cr_assert(w == &v.workflows[1]);
	cr_expect(eq(i64, w->calls.estimated, 2));
	cr_expect(eq(i64, w->calls.actual, 0));
	w = variance_find(&v, TEXT("review"));
	cr_assert(w == &v.workflows[2]);
	cr_expect(eq(i64, w->calls.actual, 1));
	cr_expect(w->prompt_words == NULL);
	cr_expect(variance_find(&v, TEXT("")) == NULL);
	cr_expect(variance_find(&v, TEXT("none")) == NULL);
}

Test(variance, has_no_estimates_without_a_plan)
{
	struct run run = run_from(usual_run);
	struct variance v;
	double ratio = 7;

	cr_assert(variance_compute(&v, &arena, &run, NULL, &err) == 0);
	cr_expect(not(v.is_resolved));
	cr_expect(text_is(v.snapshot_id, "abc"));
	cr_expect(not(v.calls.has_estimate));
	cr_expect(not(v.cost.has_estimate));
	cr_expect(not(variance_ratio(&ratio, &v.calls)));
	cr_expect(not(variance_cost_ratio(&ratio, &v.cost)));
	cr_expect(eq(dbl, ratio, 7));
	cr_expect(eq(sz, v.workflow_count, 2));
	cr_expect(not(v.workflows[0].calls.has_estimate));
}

/* A missing count is 0 in a plan that is there; a missing cost is not. */
Test(variance, takes_a_missing_count_for_zero_but_no_missing_cost)
{
	struct plan plan = plan_from("{snapshot_id: abc}");
	struct run run = run_from(usual_run);
	struct variance v;
	double ratio;

	cr_assert(variance_compute(&v, &arena, &run, &plan, &err) == 0);
	cr_expect(v.calls.has_estimate);
	cr_expect(eq(i64, variance_delta(&v.calls), 3));
	cr_expect(not(variance_ratio(&ratio, &v.calls)));
	cr_expect(not(v.cost.has_estimate));
}

Test(variance, of_nothing_finds_nothing)
{
	struct variance v = { 0 };

	cr_expect(variance_find(&v, TEXT("x")) == NULL);
}

Test(variance, ratio_is_rounded_to_four_decimals)
{
	static const struct {
		int64_t actual, estimated;
		double ratio;
	} cases[] = {
		{ 0, 5, 0.0 },
		{ 1, 3, 0.3333 },
		{ 2, 3, 0.6667 },
		{ 1, 32, 0.0312 },
		{ 3, 32, 0.0938 },
		{ 7, 7, 1.0 },
		{ 1, INT64_MAX, 0.0 },
		{ INT64_MAX, 1, 9223372036854775807.0 },
		{ INT64_MAX, INT64_MAX, 1.0 },
		{ INT64_C(9007199254740993), 1, 9007199254740992.0 },
	};
	double ratio = -1;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		struct variance_count count = { true, cases[i].estimated,
			cases[i].actual };

		cr_expect(variance_ratio(&ratio, &count));
		cr_expect(eq(dbl, ratio, cases[i].ratio), "%zu", i);
	}
	cr_expect(not(
	    variance_ratio(&ratio, &(struct variance_count){ true, 0, 5 })));
	cr_expect(not(
	    variance_ratio(&ratio, &(struct variance_count){ false, 5, 5 })));
}

static struct variance_cost
cost_of(const char *total, const char *estimate)
{
	struct variance_cost cost = { .total = parse(total) };

	cr_assert(variance_set_estimate(&cost,
		      node_get(scratch_yaml(&arena,
				   arena_printf(&arena, "e: %s", estimate)),
			  "e"),
		      &err) == 0,
	    "%s", err.text);
	return cost;
}

Test(variance, of_cost_is_exact_and_then_rounded_to_six_decimals)
{
	static const struct {
		const char *total, *estimate;
		double delta, ratio; /* a ratio of -1: there is none */
	} cases[] = {
		{ "0.3", "0.1", 0.2, 3.0 },
		{ "0.0132", "0.024", -0.0108, 0.55 },
		{ "1", "0", 1.0, -1 },
		{ "1", "0.0", 1.0, -1 },
		{ "0", "0", 0.0, -1 },
		{ "1", "3", -2.0, 0.3333 },
		{ "0", "0.0000005", 0.0, 0.0 },
		{ "0", "0.0000015", -2e-06, 0.0 },
		{ "0.000001", "1.0e-7", 1e-06, 10.0 },
		{ "0.5", "1.0e-20", 0.5, 5e+19 },
		{ "1", "1.0e+300", -1e+300, 0.0 },
		{ "1", "5.0e-324", 1.0, -1 },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		struct variance_cost cost =
		    cost_of(cases[i].total, cases[i].estimate);
		double ratio = -1;
		bool has = variance_cost_ratio(&ratio, &cost);

		cr_expect(cost.has_estimate);
		cr_expect(eq(int, has, cases[i].ratio >= 0), "%zu", i);
		cr_expect(eq(dbl, ratio, cases[i].ratio), "%zu: %g", i, ratio);
		cr_expect(eq(dbl, variance_cost_delta(&cost), cases[i].delta),
		    "%zu: %g", i, variance_cost_delta(&cost));
	}
}

Test(variance, keeps_an_estimate_that_fits_no_amount)
{
	struct variance_cost cost = cost_of("1", "1.0e+300");

	cr_expect(eq(dbl, cost.estimated, 1e300));
	cr_expect(eq(int, money_compare(cost.exact_estimate, MONEY_MAX), 0));
	cost = cost_of("1", "null");
	cr_expect(not(cost.has_estimate));
}

Test(variance, rounds_each_figure_of_the_cost_and_adds_those)
{
	struct run run = { .index = 1 };
	struct variance v;

	run.rollup.known = parse("0.0000005");
	run.rollup.estimated = parse("0.0000015");
	cr_assert(variance_compute(&v, &arena, &run, NULL, &err) == 0);
	cr_expect(eq(int, money_compare(v.cost.known, MONEY_ZERO), 0));
	cr_expect(eq(int, money_compare(v.cost.total, parse("0.000002")), 0));
}

Test(variance, refuses_sums_that_do_not_fit)
{
	struct run run =
	    run_from("run_index: 1\nper_bucket:\n"
		     "- {workflow_id: a, calls: 9223372036854775807}\n"
		     "- {workflow_id: a, calls: 1}\n");
	struct variance v;

	scratch_expect(variance_compute(&v, &arena, &run, NULL, &err), &err,
	    ERROR_DATA, "the sum of a workflow's tokens does not fit 64 bits");
	run =
	    run_from("run_index: 1\nper_bucket:\n"
		     "- {workflow_id: a, prompt_tokens: 9223372036854775807}\n"
		     "- {workflow_id: a, prompt_tokens: 1}\n");
	scratch_expect(variance_compute(&v, &arena, &run, NULL, &err), &err,
	    ERROR_DATA, "the sum of a workflow's tokens does not fit 64 bits");
	run = (struct run){ .index = 1 };
	run.rollup.known = run.rollup.estimated =
	    parse("100000000000000000000000");
	scratch_expect(variance_compute(&v, &arena, &run, NULL, &err), &err,
	    ERROR_DATA, "the sum of costs does not fit");
}

Test(variance, refuses_an_estimate_that_is_no_finite_number)
{
	struct variance_cost cost = { 0 };

	cr_expect(eq(int,
	    variance_set_estimate(&cost,
		node_get(scratch_yaml(&arena, "e: 1.0e+999"), "e"), &err),
	    -1));
	cr_expect(eq(int, (int)err.kind, ERROR_DATA));
}
