#include "lib/core/run_stored.h"

#include "lib/core/run.h"
#include "lib/doc/yaml_write.h"
#include "tests/unit/scratch.h"

/* A run as it is stored, in pieces to be spoilt one at a time. */
#define HEAD                                                                   \
	"run_index: 1\nstarted_at: null\n"                                     \
	"completed_at: '2026-11-22T08:05:00+00:00'\n"                          \
	"duration_seconds: 12.5\nsnapshot_id: b9bb6f387af5\n"
#define WORKFLOWS                                                              \
	"workflows:\n"                                                         \
	"- run_id: r-1\n  workflow_id: draft\n  status: completed\n"           \
	"  stage_count: 3\n"                                                   \
	"- run_id: null\n  workflow_id: ''\n  status: null\n"                  \
	"  stage_count: 0\n"
#define ROLLUP                                                                 \
	"rollup:\n  total_calls: 3\n  total_prompt_tokens: 2600\n"             \
	"  total_completion_tokens: 550\n  total_tokens: 3150\n"               \
	"  total_cost_usd_known: 0.0075\n  total_cost_usd_estimated: 0.0057\n"
#define BUCKET                                                                 \
	"- workflow_id: draft\n  stage_id: gen\n  provider: openrouter\n"      \
	"  model: claude-sonnet-4\n  calls: 2\n  prompt_tokens: 1900\n"        \
	"  completion_tokens: 500\n  total_tokens: 2400\n"                     \
	"  cost_usd_known: 0.0075\n  cost_usd_estimated: 0.0057\n"             \
	"  cost_status: known\n  cost_estimated_for_calls: 1\n"
#define BUCKETS                                                                \
	"per_bucket:\n" BUCKET                                                 \
	"- workflow_id: draft\n  stage_id: gen\n  provider: openai\n"          \
	"  model: m\n  calls: 1\n  prompt_tokens: 700\n"                       \
	"  completion_tokens: 50\n  total_tokens: 750\n"                       \
	"  cost_usd_known: 0.0\n  cost_usd_estimated: null\n"                  \
	"  cost_status: unknown\n  cost_estimated_for_calls: 0\n"              \
	"  cache_read_tokens: 5\n  cache_write_tokens: 6\n"                    \
	"  cache_write_1h_tokens: 7\n  reasoning_tokens: 8\n  quest: q\n"
#define DIMENSIONS "dimensions:\n  agent: a\n  release: '1.0'\n"
#define WHOLE HEAD WORKFLOWS ROLLUP BUCKETS DIMENSIONS

static struct arena arena = ARENA_INIT;
static struct error err;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(run_stored, .fini = release);

static struct run
read_well(const char *yaml)
{
	struct run run;

	cr_assert(run_stored_read(&run, &arena, scratch_yaml(&arena, yaml),
		      &err) == 0,
	    "%s: %s", yaml, err.text);
	return run;
}

static char *
write_out(const struct run *run)
{
	struct buf out = BUF_INIT;
	char *text;

	yaml_write(&out, run_stored_node(&arena, run));
	text = arena_copy(&arena, out.text, out.len);
	buf_release(&out);
	return text;
}

Test(run_stored, form_that_is_read_is_written_again)
{
	static const char *const runs[] = { WHOLE,
		HEAD WORKFLOWS ROLLUP BUCKETS,
		"run_index: 9223372036854775807\nstarted_at: '2026'\n"
		"completed_at: ''\nduration_seconds: null\n"
		"snapshot_id: null\nworkflows: []\n"
		"rollup:\n  total_calls: 0\n  total_prompt_tokens: 0\n"
		"  total_completion_tokens: 0\n  total_tokens: 0\n"
		"  total_cost_usd_known: 0.0\n"
		"  total_cost_usd_estimated: null\n"
		"per_bucket: []\n" };

	for (size_t i = 0; i < SCRATCH_COUNT(runs); i++) {
		struct run run = read_well(runs[i]);

		SCRATCH_SAME(write_out(&run), runs[i]);
		cr_expect(run_stored_is_whole(&run));
		cr_expect(run_stored_has_form(scratch_yaml(&arena, runs[i])));
	}
}

Test(run_stored, reading_leaves_fields_of_others_alone)
{
	struct run run = read_well(WHOLE "note: [1]\nrun_indexes: x\n");

	SCRATCH_SAME(write_out(&run), WHOLE);
}

Test(run_stored, reading_gives_what_is_missing_its_default)
{
	struct run run = read_well("{run_index: 3}");

	cr_expect(eq(i64, run.index, 3));
	cr_expect(run.started_at.data == NULL);
	cr_expect(not(run.has_duration));
	cr_expect(run.snapshot_id.data == NULL);
	cr_expect(eq(sz, run.workflow_count, 0));
	cr_expect(run.buckets == NULL);
	cr_expect(eq(i64, run.rollup.calls, 0));
	cr_expect(context_is_empty(&run.context));
	run = read_well("{run_index: 3, workflows: null, rollup: null, "
			"per_bucket: null, dimensions: null}");
	cr_expect(run.buckets == NULL);
	run = read_well("{run_index: 3, per_bucket: [{}]}");
	SCRATCH_SAME(run_cost_status(run.buckets), "unknown");
}

/* Each figure is rounded once, half to even, to six decimals. */
Test(run_stored, money_is_rounded_half_to_even)
{
	static const struct {
		const char *exact, *known, *estimated;
	} cases[] = {
		{ "0", "0.0", "null" },
		{ "0.0000005", "0.0", "null" },
		{ "0.0000015", "2.0e-06", "2.0e-06" },
		{ "0.0000025", "2.0e-06", "2.0e-06" },
		{ "0.000000500000001", "1.0e-06", "1.0e-06" },
		{ "0.0000035", "4.0e-06", "4.0e-06" },
		{ "1.2345675", "1.234568", "1.234568" },
		{ "1.2345665", "1.234566", "1.234566" },
		{ "12", "12.0", "12.0" },
		{ "0.1000000", "0.1", "0.1" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		struct run run = { .index = 1 };
		char *text;

		cr_assert(money_parse(&run.rollup.known, cases[i].exact,
			      strlen(cases[i].exact)) == MONEY_OK);
		run.rollup.estimated = run.rollup.known;
		text = write_out(&run);
		cr_expect(strstr(text,
			      arena_printf(&arena,
				  "  total_cost_usd_known: %s\n"
				  "  total_cost_usd_estimated: %s\n",
				  cases[i].known, cases[i].estimated)) != NULL,
		    "%s: %s", cases[i].exact, text);
	}
}

Test(run_stored, estimate_of_a_bucket_is_null_only_without_estimated_calls)
{
	struct run_bucket bucket = { .workflow = TEXT("w"),
		.stage = TEXT(""),
		.provider = TEXT("p"),
		.model = TEXT("m"),
		.calls = 1 };
	struct run run = { .index = 1, .buckets = &bucket };

	cr_expect(strstr(write_out(&run),
		      "  cost_usd_estimated: null\n  cost_status: unknown\n") !=
		  NULL);
	bucket.estimated_calls = 1;
	cr_expect(
	    strstr(write_out(&run),
		"  cost_usd_estimated: 0.0\n  cost_status: estimated\n") !=
	    NULL);
}

Test(run_stored, refuses_fields_of_the_wrong_type)
{
	static const struct {
		const char *yaml, *reason;
	} cases[] = {
		{ "[]", "in:1:1: expected a run, a mapping" },
		{ "{}", "in:1:1: run_index is missing" },
		{ "run_index: null", "in:1:1: run_index is missing" },
		{ "run_index: x", NULL },
		{ "run_index: -1", NULL },
		{ "{run_index: 1, started_at: 1}", NULL },
		{ "{run_index: 1, completed_at: []}", NULL },
		{ "{run_index: 1, duration_seconds: x}", NULL },
		{ "{run_index: 1, duration_seconds: .inf}", NULL },
		{ "{run_index: 1, snapshot_id: 1}", NULL },
		{ "{run_index: 1, dimensions: []}", NULL },
		{ "{run_index: 1, workflows: {}}", NULL },
		{ "{run_index: 1, workflows: [1]}",
		    "in:1:28: workflows[0]: expected a mapping" },
		{ "{run_index: 1, workflows: [{run_id: 1}]}", NULL },
		{ "{run_index: 1, workflows: [{workflow_id: 1}]}", NULL },
		{ "{run_index: 1, workflows: [{status: 1}]}", NULL },
		{ "{run_index: 1, workflows: [{stage_count: a}]}", NULL },
		{ "{run_index: 1, rollup: []}", NULL },
		{ "{run_index: 1, rollup: {total_calls: 1.0}}", NULL },
		{ "{run_index: 1, rollup: {total_prompt_tokens: -1}}", NULL },
		{ "{run_index: 1, rollup: {total_completion_tokens: a}}",
		    NULL },
		{ "{run_index: 1, rollup: {total_tokens: a}}", NULL },
		{ "{run_index: 1, rollup: {total_cost_usd_known: -1.0}}",
		    NULL },
		{ "{run_index: 1, rollup: {total_cost_usd_estimated: a}}",
		    NULL },
		{ "{run_index: 1, per_bucket: {}}", NULL },
		{ "{run_index: 1, per_bucket: [x]}",
		    "in:1:29: per_bucket[0]: expected a mapping" },
		{ "{run_index: 1, per_bucket: [{workflow_id: 1}]}", NULL },
		{ "{run_index: 1, per_bucket: [{stage_id: 1}]}", NULL },
		{ "{run_index: 1, per_bucket: [{provider: 1}]}", NULL },
		{ "{run_index: 1, per_bucket: [{model: 1}]}", NULL },
		{ "{run_index: 1, per_bucket: [{calls: a}]}", NULL },
		{ "{run_index: 1, per_bucket: [{reasoning_tokens: a}]}", NULL },
		{ "{run_index: 1, per_bucket: [{cost_usd_known: a}]}", NULL },
		{ "{run_index: 1, per_bucket: [{cost_usd_estimated: a}]}",
		    NULL },
		{ "{run_index: 1, per_bucket: [{cost_status: 1}]}", NULL },
		{ "{run_index: 1, per_bucket: [{cost_status: free}]}",
		    "in:1:43: per_bucket[0].cost_status: expected known, "
		    "estimated or unknown" },
	};
	struct run run;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		cr_expect(eq(int,
			      run_stored_read(&run, &arena,
				  scratch_yaml(&arena, cases[i].yaml), &err),
			      -1),
		    "%s", cases[i].yaml);
		cr_expect(eq(int, (int)err.kind, ERROR_DATA));
		cr_expect(strncmp(err.text, "in:1:", 5) == 0);
		if (cases[i].reason)
			SCRATCH_SAME(err.text, cases[i].reason);
	}
}

Test(run_stored, is_whole_with_all_the_calls_that_the_rollup_counts)
{
	static const struct {
		const char *yaml;
		bool whole;
	} cases[] = {
		{ "{run_index: 1}", true },
		{ "{run_index: 1, rollup: {total_calls: 1}}", false },
		{ HEAD WORKFLOWS ROLLUP "per_bucket:\n" BUCKET, false },
		{ "{run_index: 1, rollup: {total_calls: 5}, "
		  "per_bucket: [{calls: 2}, {calls: 3}]}",
		    true },
		{ "{run_index: 1, rollup: {total_calls: 5}, per_bucket: "
		  "[{calls: 9223372036854775807}, {calls: 1}]}",
		    false },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		struct run run = read_well(cases[i].yaml);

		cr_expect(eq(int, run_stored_is_whole(&run), cases[i].whole),
		    "%s", cases[i].yaml);
	}
}

Test(run_stored, has_its_form_with_all_fields_in_order)
{
	static const struct {
		const char *yaml;
		bool has_form;
	} cases[] = {
		{ WHOLE, true },
		{ WHOLE "mine: 1\n", true },
		{ HEAD WORKFLOWS ROLLUP, false },
		{ HEAD ROLLUP WORKFLOWS BUCKETS, false },
		{ "mine: 1\n" WHOLE, false },
		{ HEAD "workflows: []\n" ROLLUP "per_bucket: []\n", true },
		{ HEAD "workflows: []\nrollup: {}\nper_bucket: []\n", false },
		{ HEAD "workflows: []\nrollup: []\nper_bucket: []\n", false },
		{ HEAD "workflows: {}\n" ROLLUP "per_bucket: []\n", false },
		{ HEAD "workflows: [x]\n" ROLLUP "per_bucket: []\n", false },
		{ HEAD "workflows: null\n" ROLLUP "per_bucket: []\n", false },
		{ HEAD WORKFLOWS ROLLUP "per_bucket: [{}]\n", false },
		{ HEAD WORKFLOWS ROLLUP "per_bucket: null\n", false },
		{ "[]", false },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++)
		cr_expect(eq(int,
			      run_stored_has_form(
				  scratch_yaml(&arena, cases[i].yaml)),
			      cases[i].has_form),
		    "%s", cases[i].yaml);
}

/* Fields in disorder, others between them, and some that are missing. */
Test(run_stored, is_arranged_without_losing_a_value)
{
	static const char disorder[] =
	    "mine: 1\nper_bucket:\n- model: m\n  other: [x]\n  calls: 2\n"
	    "  cost_usd_known: 0.12345678\n  cost_status: known\n"
	    "  quest: q\n"
	    "rollup: {total_calls: 2, more: 3}\nrun_index: 4\n"
	    "workflows: [{status: ok, run_id: a}, {}]\n";
	struct node *stored = scratch_yaml(&arena, disorder), *arranged;
	struct run run = read_well(disorder);
	struct buf out = BUF_INIT;

	arranged = run_stored_arrange(&arena, stored, &run);
	cr_expect(run_stored_has_form(arranged));
	yaml_write(&out, arranged);
	SCRATCH_SAME(out.text,
	    "run_index: 4\nstarted_at: null\ncompleted_at: null\n"
	    "duration_seconds: null\nsnapshot_id: null\n"
	    "workflows:\n"
	    "- run_id: a\n  workflow_id: null\n  status: ok\n"
	    "  stage_count: 0\n"
	    "- run_id: null\n  workflow_id: null\n  status: null\n"
	    "  stage_count: 0\n"
	    "rollup:\n  total_calls: 2\n  total_prompt_tokens: 0\n"
	    "  total_completion_tokens: 0\n  total_tokens: 0\n"
	    "  total_cost_usd_known: 0.0\n"
	    "  total_cost_usd_estimated: null\n  more: 3\n"
	    "per_bucket:\n"
	    "- workflow_id: null\n  stage_id: null\n  provider: null\n"
	    "  model: m\n  calls: 2\n  prompt_tokens: 0\n"
	    "  completion_tokens: 0\n  total_tokens: 0\n"
	    "  cost_usd_known: 0.12345678\n  cost_usd_estimated: null\n"
	    "  cost_status: known\n  cost_estimated_for_calls: 0\n"
	    "  quest: q\n  other:\n  - x\n"
	    "mine: 1\n");
	buf_release(&out);
}

Test(run_stored, in_form_is_arranged_to_itself)
{
	struct node *stored = scratch_yaml(&arena, WHOLE "mine: 1\n");
	struct run run = read_well(WHOLE);
	struct buf out = BUF_INIT;

	yaml_write(&out, run_stored_arrange(&arena, stored, &run));
	SCRATCH_SAME(out.text, WHOLE "mine: 1\n");
	buf_release(&out);
}

Test(run_stored, may_be_cut_where_no_field_is_out_of_order)
{
	static const struct {
		const char *yaml;
		bool cut;
	} cases[] = {
		{ WHOLE, true },
		{ HEAD, true },
		{ HEAD WORKFLOWS "rollup:", true },
		{ HEAD WORKFLOWS ROLLUP "per_bucket:\n- workflow_id: a", true },
		{ "{run_index: 1, started_at: null}", true },
		{ "{run_index: 1, completed_at: null}", false },
		{ HEAD "rollup: {}", false },
		{ HEAD "workflows: [{status: x}]", false },
		{ HEAD WORKFLOWS "rollup: {total_tokens: 1}", false },
		{ HEAD WORKFLOWS "rollup: [1]", false },
		{ HEAD WORKFLOWS ROLLUP "per_bucket: [{model: x}]", false },
		{ "5", false },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++)
		cr_expect(eq(int,
			      run_stored_may_be_cut(
				  scratch_yaml(&arena, cases[i].yaml)),
			      cases[i].cut),
		    "%s", cases[i].yaml);
}
