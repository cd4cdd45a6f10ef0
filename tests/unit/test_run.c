#include "lib/core/run.h"

#include <inttypes.h>

#include "lib/core/rates.h"
#include "lib/core/rates_read.h"
#include "tests/unit/scratch.h"

#define HUGE_COUNT "9223372036854775807"

static struct arena arena = ARENA_INIT;
static struct error err;
static struct rates *rates;
static const struct when now = { INT64_C(1795334400000000) };

/* A dollar a thousand prompt tokens, and two a thousand of output. */
static void
begin(void)
{
	rates = rates_new(&arena,
	    rates_read(&arena, "r",
		scratch_yaml(&arena,
		    "rates:\n"
		    "  priced: {prompt_per_1k: 1, completion_per_1k: 2}\n"
		    "  fine: {prompt_per_1k: 0.000000000001, "
		    "completion_per_1k: 0}\n"
		    "  free: {prompt_per_1k: 0, completion_per_1k: 0}\n"
		    "  dear: {prompt_per_1k: 100000000000000000000, "
		    "completion_per_1k: 0}\n")),
	    NULL);
}

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(run, .init = begin, .fini = release);

static int
build(struct run *run, const char *yaml)
{
	const struct run_means means = { .rates = rates, .at = now };

	return run_build(run, &arena, scratch_yaml(&arena, yaml), &means, &err);
}

static struct run
build_well(const char *yaml)
{
	struct run run;

	cr_assert(build(&run, yaml) == 0, "%s: %s", yaml, err.text);
	return run;
}

static char *
amount(struct money money)
{
	struct buf out = BUF_INIT;
	char *text;

	money_full(&out, money);
	text = arena_copy(&arena, out.text, out.len);
	buf_release(&out);
	return text;
}

/* A bucket: its key, calls, tokens, cost and status. */
static char *
show(const struct run_bucket *b)
{
	return arena_printf(&arena,
	    "%s/%s/%s/%s %" PRId64 " %" PRId64 "+%" PRId64 "=%" PRId64
	    " %s %s/%" PRId64 " %s",
	    b->workflow.data, b->stage.data, b->provider.data, b->model.data,
	    b->calls, b->prompt_tokens, b->completion_tokens, b->total_tokens,
	    amount(b->known), amount(b->estimated), b->estimated_calls,
	    run_cost_status(b));
}

static void
expect_buckets(const struct run *run, const char *const *expected)
{
	const struct run_bucket *bucket = run->buckets;

	for (; *expected; expected++, bucket = bucket->next) {
		cr_assert(bucket != NULL, "missing: %s", *expected);
		SCRATCH_SAME(show(bucket), *expected);
	}
	cr_expect(bucket == NULL);
}

Test(run, buckets_stand_in_order_of_first_appearance)
{
	struct run run = build_well(
	    "- {workflow_id: z, stages: [\n"
	    "  {stage_id: s, provider: p, metadata: {model: priced,\n"
	    "    usage: {prompt_tokens: 10, completion_tokens: 5}}},\n"
	    "  {stage_id: s, provider: a, metadata: {model: priced}},\n"
	    "  {stage_id: s, provider: p, metadata: {model: priced,\n"
	    "    usage: {prompt_tokens: 1, completion_tokens: 2}}}]}\n"
	    "- {workflow_id: a, stages: [\n"
	    "  {stage_id: s, provider: p, metadata: {model: priced}}]}\n"
	    "- {workflow_id: z, stages: [\n"
	    "  {stage_id: r, provider: p, metadata: {model: priced}},\n"
	    "  {stage_id: s, provider: p, metadata: {model: x}}]}\n");
	static const char *const expected[] = {
		"z/s/p/priced 2 11+7=18 0 0.025/2 estimated",
		"z/s/a/priced 1 0+0=0 0 0/1 estimated",
		"a/s/p/priced 1 0+0=0 0 0/1 estimated",
		"z/r/p/priced 1 0+0=0 0 0/1 estimated",
		"z/s/p/x 1 0+0=0 0 0/0 unknown",
		NULL,
	};

	expect_buckets(&run, expected);
	cr_expect(eq(i64, run.rollup.calls, 6));
	cr_expect(eq(i64, run.rollup.prompt_tokens, 11));
	cr_expect(eq(i64, run.rollup.completion_tokens, 7));
	cr_expect(eq(i64, run.rollup.total_tokens, 18));
	SCRATCH_SAME(amount(run.rollup.estimated), "0.025");
	cr_expect(eq(sz, run.workflow_count, 3));
	cr_expect(eq(i64, run.workflows[0].stage_count, 3));
}

Test(run, many_buckets_keep_their_order)
{
	struct buf yaml = BUF_INIT;
	const struct run_bucket *bucket;
	struct run run;
	int i = 0;

	buf_puts(&yaml, "stages:\n");
	for (i = 0; i < 600; i++)
		buf_printf(&yaml, "- {stage_id: s%d, provider: p}\n",
		    i * 7919 % 300);
	run = build_well(yaml.text);
	i = 0;
	for (bucket = run.buckets; bucket; bucket = bucket->next) {
		SCRATCH_SAME(bucket->stage.data,
		    arena_printf(&arena, "s%d", i++ * 7919 % 300));
		cr_expect(eq(i64, bucket->calls, 2));
	}
	cr_expect(eq(int, i, 300));
	buf_release(&yaml);
}

Test(run, one_result_is_a_list_of_one)
{
	struct run run = build_well(
	    "{run_id: r, workflow_id: w, status: ok, stages: [{provider: p}]}");
	static const char *const expected[] = { "w//p/ 1 0+0=0 0 0/0 unknown",
		NULL };

	expect_buckets(&run, expected);
	cr_assert(eq(sz, run.workflow_count, 1));
	cr_expect(text_is(run.workflows[0].run_id, "r"));
	cr_expect(text_is(run.workflows[0].status, "ok"));
}

Test(run, missing_and_null_are_the_same)
{
	static const char *const results[] = { "[{}]",
		"[{run_id: null, workflow_id: null, stages: null}]",
		"[{status: null}]", "{stages: []}" };

	for (size_t i = 0; i < SCRATCH_COUNT(results); i++) {
		struct run run = build_well(results[i]);

		cr_assert(eq(sz, run.workflow_count, 1));
		cr_expect(run.workflows[0].run_id.data == NULL);
		cr_expect(run.workflows[0].status.data == NULL);
		cr_expect(text_is(run.workflows[0].id, ""));
		cr_expect(eq(i64, run.workflows[0].stage_count, 0));
		cr_expect(run.buckets == NULL);
	}
	cr_expect(eq(sz, build_well("[]").workflow_count, 0));
}

Test(run, stage_without_a_provider_made_no_call)
{
	static const char *const stages[] = { "{stage_id: s}",
		"{provider: null}", "{provider: ''}",
		"{metadata: {model: priced, usage: {prompt_tokens: 5}}}" };

	for (size_t i = 0; i < SCRATCH_COUNT(stages); i++) {
		struct run run =
		    build_well(arena_printf(&arena, "stages: [%s]", stages[i]));

		cr_expect(run.buckets == NULL, "%s", stages[i]);
		cr_expect(eq(i64, run.workflows[0].stage_count, 1));
		cr_expect(eq(i64, run.rollup.calls, 0));
	}
}

Test(run, cost_status_is_that_of_its_best_known_call)
{
	static const struct {
		const char *calls, *expected;
		int64_t unpriced;
	} cases[] = {
		{ "{cost: 0.5}", "///priced 1 0+0=0 0.5 0/0 known", 0 },
		{ "{cost: 0}", "///priced 1 0+0=0 0 0/0 known", 0 },
		{ "{cost: 0.5}|{prompt_tokens: 1000}",
		    "///priced 2 1000+0=1000 0.5 1/1 known", 0 },
		{ "{prompt_tokens: 1000}",
		    "///priced 1 1000+0=1000 0 1/1 "
		    "estimated",
		    0 },
		{ "{cost: null}", "///priced 1 0+0=0 0 0/1 estimated", 0 },
		{ "unpriced", "///x 1 0+0=0 0 0/0 unknown", 1 },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		char *calls = arena_printf(&arena, "%s", cases[i].calls), *rest;
		struct buf yaml = BUF_INIT;
		struct run run;

		buf_puts(&yaml, "stages:\n");
		for (char *call = strtok_r(calls, "|", &rest); call;
		     call = strtok_r(NULL, "|", &rest)) {
			bool known = call[0] == '{';

			buf_printf(&yaml,
			    "- {provider: p, metadata: {model: %s, usage: %s}}"
			    "\n",
			    known ? "priced" : "x", known ? call : "{}");
		}
		run = build_well(yaml.text);
		run.buckets->provider = TEXT("");
		SCRATCH_SAME(show(run.buckets), cases[i].expected);
		cr_expect(eq(i64, run_unpriced_calls(&run), cases[i].unpriced));
		buf_release(&yaml);
	}
}

Test(run, a_model_that_costs_nothing_is_priced)
{
	struct run run = build_well("stages: [{provider: p, metadata: "
				    "{model: free, usage: {prompt_tokens: 5}}}"
				    "]");

	SCRATCH_SAME(run_cost_status(run.buckets), "estimated");
	cr_expect(eq(i64, run_unpriced_calls(&run), 0));
}

Test(run, counts_the_calls_that_nothing_prices)
{
	struct run run =
	    build_well("stages:\n"
		       "- {provider: p, metadata: {model: x}}\n"
		       "- {provider: p, metadata: {model: x}}\n"
		       "- {provider: p, metadata: {model: priced}}\n"
		       "- {provider: p, metadata: {model: y}}\n");

	cr_expect(eq(i64, run_unpriced_calls(&run), 3));
}

Test(run, money_is_exact_while_it_is_built)
{
	struct run run = build_well(
	    "stages:\n"
	    "- {provider: p, metadata: {model: fine, "
	    "usage: {prompt_tokens: 3}}}\n"
	    "- {provider: p, metadata: {model: x, "
	    "usage: {cost: 0.000000000000001}}}\n"
	    "- {provider: p, metadata: {model: x, usage: {cost: 0.1}}}\n"
	    "- {provider: p, metadata: {model: x, usage: {cost: 0.2}}}\n");

	SCRATCH_SAME(amount(run.rollup.estimated), "0.000000000000003");
	SCRATCH_SAME(amount(run.rollup.known), "0.300000000000001");
}

Test(run, context_is_part_of_the_key)
{
	struct run run = build_well("- quest: q1\n"
				    "  agent: a\n"
				    "  stages:\n"
				    "  - {provider: p}\n"
				    "  - {provider: p, quest: q2}\n"
				    "  - {provider: p, quest: q1}\n"
				    "  - {provider: p, quest: 7}\n"
				    "- stages:\n"
				    "  - {provider: p}\n"
				    "  - {provider: p, quest: q1, agent: a}\n");
	static const struct {
		const char *quest, *agent;
		int64_t calls;
	} expected[] = {
		{ "q1", "a", 4 },
		{ "q2", "a", 1 },
		{ NULL, NULL, 1 },
	};
	const struct run_bucket *bucket = run.buckets;

	for (size_t i = 0; i < SCRATCH_COUNT(expected); i++) {
		cr_assert(bucket != NULL);
		cr_expect(text_is(bucket->context.value[CONTEXT_QUEST],
		    expected[i].quest));
		cr_expect(text_is(bucket->context.value[CONTEXT_AGENT],
		    expected[i].agent));
		cr_expect(eq(i64, bucket->calls, expected[i].calls));
		bucket = bucket->next;
	}
	cr_expect(bucket == NULL);
}

Test(run, refuses_what_is_of_the_wrong_type)
{
	static const struct {
		const char *yaml, *reason;
	} cases[] = {
		{ "text", "in:1:1: expected a list of workflow results" },
		{ "null", "in:1:1: expected a list of workflow results" },
		{ "[1]", "in:1:2: [0]: expected a workflow result, a mapping" },
		{ "[{}, null]",
		    "in:1:6: [1]: expected a workflow result, a mapping" },
		{ "[{run_id: 1}]", "in:1:11: [0].run_id: expected a string, "
				   "got 1" },
		{ "[{workflow_id: []}]", "in:1:16: [0].workflow_id: expected "
					 "a string, got a list" },
		{ "[{status: true}]", "in:1:11: [0].status: expected a "
				      "string, got true" },
		{ "[{stages: {}}]", "in:1:11: [0].stages: expected a list, "
				    "got a mapping" },
		{ "[{stages: [x]}]", "in:1:12: [0].stages[0]: expected a "
				     "stage, a mapping" },
		{ "stages: [null]",
		    "in:1:10: stages[0]: expected a stage, a mapping" },
		{ "stages: [{stage_id: 1}]", "in:1:21: stages[0].stage_id: "
					     "expected a string, got 1" },
		{ "stages: [{provider: {}}]",
		    "in:1:21: stages[0].provider: "
		    "expected a string, got a mapping" },
		{ "stages: [{metadata: []}]",
		    "in:1:21: stages[0].metadata: "
		    "expected a mapping, got a list" },
		{ "stages: [{metadata: {model: 4}}]",
		    "in:1:29: stages[0].metadata.model: expected a string, "
		    "got 4" },
		{ "stages: [{metadata: {usage: x}}]", NULL },
		{ "stages: [{metadata: {usage: {prompt_tokens: -1}}}]", NULL },
	};
	struct run run;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		cr_expect(eq(int, build(&run, cases[i].yaml), -1), "%s",
		    cases[i].yaml);
		cr_expect(eq(int, (int)err.kind, ERROR_DATA));
		cr_expect(strncmp(err.text, "in:1:", 5) == 0);
		if (cases[i].reason)
			SCRATCH_SAME(err.text, cases[i].reason);
	}
}

/* A call of provider p and one of another, of the dear model. */
static char *
two_calls(const char *first, const char *provider, const char *second)
{
	return arena_printf(&arena,
	    "stages:\n"
	    "- {provider: p, metadata: {model: dear, usage: %s}}\n"
	    "- {provider: %s, metadata: {model: dear, usage: %s}}\n",
	    first, provider, second);
}

Test(run, refuses_sums_that_do_not_fit_with_the_place)
{
	static const struct {
		const char *first, *second, *reason;
	} cases[] = {
		{ "{cost: 0, prompt_tokens: " HUGE_COUNT "}",
		    "{cost: 0, prompt_tokens: 1}",
		    "in:3:3: stages[1]: the sum of tokens does not fit "
		    "64 bits" },
		{ "{completion_tokens: " HUGE_COUNT "}",
		    "{completion_tokens: 1}",
		    "in:3:3: stages[1]: the sum of tokens does not fit "
		    "64 bits" },
		{ "{cost: 170000000000000000000000}",
		    "{cost: 170000000000000000000000}",
		    "in:3:3: stages[1]: the sum of costs does not fit" },
		{ "{prompt_tokens: 1000000}", "{prompt_tokens: 1000000}",
		    "in:3:3: stages[1]: the sum of costs does not fit" },
	};
	struct run run;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		scratch_expect(build(&run, two_calls(cases[i].first, "p",
					       cases[i].second)),
		    &err, ERROR_DATA, cases[i].reason);
		/* In two buckets each fits, and their sum does not. */
		cr_expect(eq(int,
		    build(&run,
			two_calls(cases[i].first, "q", cases[i].second)),
		    -1));
		cr_expect(strncmp(err.text, "in:1:1: the sum of ", 19) == 0,
		    "%s", err.text);
	}
}

Test(run, refuses_a_call_whose_price_does_not_fit)
{
	struct run run;

	cr_expect(eq(int,
	    build(&run, two_calls("{prompt_tokens: 1000000000}", "p", "{}")),
	    -1));
	cr_expect(eq(int, (int)err.kind, ERROR_DATA));
}

static struct run
run_of(const char *const *ids, size_t count)
{
	struct run run = { .workflow_count = count };

	run.workflows = arena_array(&arena, count, sizeof(*run.workflows));
	for (size_t i = 0; i < count; i++)
		run.workflows[i].run_id = text_of(ids[i]);
	return run;
}

Test(run, is_the_same_where_all_run_ids_are)
{
	static const struct {
		const char *a[2], *b[2];
		size_t a_count, b_count;
		bool same;
	} cases[] = {
		{ { "1" }, { "1" }, 1, 1, true },
		{ { "1", "2" }, { "1", "2" }, 2, 2, true },
		{ { "1", "2" }, { "2", "1" }, 2, 2, false },
		{ { "1", "2" }, { "1" }, 2, 1, false },
		{ { "1" }, { "1", "2" }, 1, 2, false },
		{ { "" }, { "" }, 1, 1, true },
		{ { NULL }, { NULL }, 1, 1, false },
		{ { "1", NULL }, { "1", NULL }, 2, 2, false },
		{ { "1" }, { NULL }, 1, 1, false },
		{ { NULL }, { NULL }, 0, 0, false },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		struct run a = run_of(cases[i].a, cases[i].a_count);
		struct run b = run_of(cases[i].b, cases[i].b_count);

		cr_expect(eq(int, run_is_same(&a, &b), cases[i].same), "%zu",
		    i);
	}
}
