#include "lib/core/plan.h"

#include "lib/doc/json.h"
#include "lib/doc/yaml_write.h"
#include "tests/unit/scratch.h"

/* A plan of two workflows, whose id is known. */
#define USUAL                                                                  \
	"\"stage\": \"generate\", \"selected_chunk_count\": 3,"                \
	"\"selected_chunk_ids\": [\"c1\", \"c2\", \"c3\"],"                    \
	"\"selected_chapter_numbers\": [1, 2],"                                \
	"\"per_workflow\": [{\"workflow_id\": \"draft\", \"calls\": 3,"        \
	"\"prompt_words_estimate\": 1200}, {\"workflow_id\": \"review\","      \
	"\"calls\": 3, \"prompt_words_estimate\": 600}],"                      \
	"\"total_provider_calls_estimate\": 6,"                                \
	"\"total_prompt_tokens_estimate\": 2400,"                              \
	"\"total_prompt_words_estimate\": 1800,"

static struct arena arena = ARENA_INIT;
static struct error err;
/* 2026-11-22T08:00:00.000007Z */
static const struct when now = { INT64_C(1795334400000007) };

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(plan, .fini = release);

static struct node *
from_json(const char *json)
{
	struct node *node;

	cr_assert(json_read(&node, &arena, text_of(json), "in", 1, &err) == 0,
	    "%s: %s", json, err.text);
	return node;
}

static struct node *
snapshot_of(struct node *summary)
{
	struct node *snapshot = NULL;

	cr_assert(plan_snapshot(&snapshot, &arena, summary, now, &err) == 0,
	    "%s", err.text);
	return snapshot;
}

static const char *
id_of(const char *json)
{
	return node_get(snapshot_of(from_json(json)), "snapshot_id")->text.data;
}

/* The ids are those that Python's json and hashlib give. */
Test(plan, id_is_the_fingerprint_of_its_fields)
{
	static const struct {
		const char *json, *id;
	} cases[] = {
		{ "{}", "dab1e8a6321a" },
		{ "{\"stage\": null, \"max_calls\": null, \"x\": 1}",
		    "dab1e8a6321a" },
		{ "{" USUAL "\"estimated_cost_usd\": 0.024,"
		  "\"cost_per_1k_tokens\": 0.01, \"max_calls\": null,"
		  "\"cost_cap\": 1.0, \"exceeds_max_calls\": false}",
		    "b9bb6f387af5" },
		{ "{\"cost_cap\": 1.0, \"max_calls\": null,"
		  "\"exceeds_max_calls\": true,"
		  "\"cost_per_1k_tokens\": 1e-2," USUAL
		  "\"estimated_cost_usd\": 24e-3}",
		    "b9bb6f387af5" },
		{ "{" USUAL "\"estimated_cost_usd\": 1e-07,"
		  "\"cost_per_1k_tokens\": 1.5e+22, \"max_calls\": null,"
		  "\"cost_cap\": 1e+16}",
		    "7dd9b532558d" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++)
		SCRATCH_SAME(id_of(cases[i].json), cases[i].id);
}

/* Every field of the id changes it, and no other one does. */
Test(plan, id_depends_on_its_fields_alone)
{
	static const char *const inside[] = { "\"stage\": \"x\"",
		"\"selected_chunk_count\": 1", "\"selected_chunk_ids\": []",
		"\"selected_chunk_ids\": [\"a\"]",
		"\"selected_chapter_numbers\": [1]",
		"\"total_provider_calls_estimate\": 0",
		"\"total_prompt_tokens_estimate\": 0",
		"\"estimated_cost_usd\": 0", "\"estimated_cost_usd\": 0.0",
		"\"cost_per_1k_tokens\": 0", "\"max_calls\": 0",
		"\"cost_cap\": 0", "\"chapter_filter\": \"1\"",
		"\"chapter_filter\": 1", "\"chunk_filter\": \"\"",
		"\"from_chapter\": 1", "\"to_chapter\": 1" };
	static const char *const outside[] = { "\"per_workflow\": []",
		"\"total_prompt_words_estimate\": 5",
		"\"exceeds_max_calls\": true", "\"exceeds_cost_cap\": true",
		"\"filters\": {\"stage\": 1}", "\"anything\": [1, {}]",
		"\"snapshot_id\": \"mine\"" };
	const char *ids[SCRATCH_COUNT(inside)];

	for (size_t i = 0; i < SCRATCH_COUNT(inside); i++) {
		ids[i] = id_of(arena_printf(&arena, "{%s}", inside[i]));
		cr_expect(strcmp(ids[i], "dab1e8a6321a") != 0, "%s", inside[i]);
		for (size_t j = 0; j < i; j++)
			cr_expect(strcmp(ids[i], ids[j]) != 0, "%s and %s",
			    inside[i], inside[j]);
	}
	for (size_t i = 0; i < SCRATCH_COUNT(outside); i++)
		SCRATCH_SAME(id_of(arena_printf(&arena, "{%s}", outside[i])),
		    "dab1e8a6321a");
}

Test(plan, snapshot_has_all_fields_in_their_order)
{
	struct buf out = BUF_INIT;

	yaml_write(&out, snapshot_of(from_json("{\"anything\": 1}")));
	SCRATCH_SAME(out.text,
	    "snapshot_id: dab1e8a6321a\n"
	    "recorded_at: '2026-11-22T08:00:00.000007+00:00'\n"
	    "stage: null\n"
	    "filters:\n"
	    "  stage: null\n"
	    "  chapter_filter: null\n"
	    "  chunk_filter: null\n"
	    "  from_chapter: null\n"
	    "  to_chapter: null\n"
	    "selected_chunk_count: null\n"
	    "selected_chunk_ids: []\n"
	    "selected_chapter_numbers: []\n"
	    "per_workflow: []\n"
	    "total_provider_calls_estimate: null\n"
	    "total_prompt_tokens_estimate: null\n"
	    "total_prompt_words_estimate: null\n"
	    "estimated_cost_usd: null\n"
	    "cost_per_1k_tokens: null\n"
	    "max_calls: null\n"
	    "cost_cap: null\n"
	    "exceeds_max_calls: false\n"
	    "exceeds_cost_cap: false\n");
	buf_release(&out);
}

Test(plan, snapshot_copies_what_is_given)
{
	struct buf out = BUF_INIT;

	yaml_write(&out,
	    snapshot_of(from_json(
		"{\"per_workflow\": [{\"calls\": 2, \"note\": {\"a\": [null]}}],"
		"\"selected_chunk_ids\": [\"1\", 2, 2.50],"
		"\"chapter_filter\": \"1-3\", \"from_chapter\": 7,"
		"\"exceeds_cost_cap\": true, \"cost_cap\": 2}")));
	cr_expect(strstr(out.text,
		      "selected_chunk_ids:\n- '1'\n- 2\n- 2.5\n") != NULL);
	cr_expect(
	    strstr(out.text,
		"per_workflow:\n- calls: 2\n  note:\n    a:\n    - null\n") !=
	    NULL);
	cr_expect(
	    strstr(out.text, "  chapter_filter: 1-3\n  chunk_filter: null\n"
			     "  from_chapter: 7\n") != NULL);
	cr_expect(strstr(out.text, "cost_cap: 2\n") != NULL);
	cr_expect(strstr(out.text, "exceeds_cost_cap: true\n") != NULL);
	buf_release(&out);
}

Test(plan, refuses_fields_of_the_wrong_type)
{
	static const struct {
		const char *yaml, *reason;
	} cases[] = {
		{ "[]", "in:1:1: expected a plan summary, a mapping" },
		{ "5", "in:1:1: expected a plan summary, a mapping" },
		{ "stage: 1", "in:1:8: stage: expected a string, got 1" },
		{ "stage: [x]",
		    "in:1:8: stage: expected a string, got a list" },
		{ "chapter_filter: [1]",
		    "in:1:17: chapter_filter: expected a string or a number" },
		{ "chunk_filter: true",
		    "in:1:15: chunk_filter: expected a string or a number" },
		{ "from_chapter: {}",
		    "in:1:15: from_chapter: expected a string or a number" },
		{ "to_chapter: .nan", NULL },
		{ "selected_chunk_count: '3'", NULL },
		{ "selected_chunk_count: 1.5", NULL },
		{ "selected_chunk_count: -1", NULL },
		{ "selected_chunk_count: 9223372036854775808", NULL },
		{ "selected_chunk_ids: a", NULL },
		{ "selected_chunk_ids: {}", NULL },
		{ "selected_chunk_ids:\n- a\n- null",
		    "in:3:3: selected_chunk_ids[1]: expected a string or a "
		    "number, got null" },
		{ "selected_chapter_numbers: [[1]]",
		    "in:1:28: selected_chapter_numbers[0]: expected a string "
		    "or a number" },
		{ "per_workflow: 1", NULL },
		{ "per_workflow: [x]",
		    "in:1:16: per_workflow[0]: expected a mapping" },
		{ "per_workflow: [{workflow_id: 1}]", NULL },
		{ "per_workflow: [{calls: -1}]", NULL },
		{ "per_workflow: [{calls: x}]", NULL },
		{ "per_workflow: [{prompt_words_estimate: x}]", NULL },
		{ "per_workflow: [{prompt_words_estimate: -1}]",
		    "in:1:40: per_workflow[0].prompt_words_estimate: "
		    "must not be negative" },
		{ "total_provider_calls_estimate: many", NULL },
		{ "total_prompt_tokens_estimate: 1e3", NULL },
		{ "total_prompt_words_estimate: x", NULL },
		{ "estimated_cost_usd: -0.01",
		    "in:1:21: estimated_cost_usd: must not be negative" },
		{ "estimated_cost_usd: .inf", NULL },
		{ "estimated_cost_usd: '1'", NULL },
		{ "cost_per_1k_tokens: []", NULL },
		{ "max_calls: true", NULL },
		{ "cost_cap: -1", "in:1:11: cost_cap: must not be negative" },
		{ "exceeds_max_calls: 1", NULL },
		{ "exceeds_max_calls: yes", NULL },
		{ "exceeds_cost_cap: 'true'", NULL },
	};
	struct node *out;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		cr_expect(eq(int,
			      plan_snapshot(&out, &arena,
				  scratch_yaml(&arena, cases[i].yaml), now,
				  &err),
			      -1),
		    "%s", cases[i].yaml);
		cr_expect(eq(int, (int)err.kind, ERROR_DATA));
		cr_expect(strncmp(err.text, "in:", 3) == 0, "%s: %s",
		    cases[i].yaml, err.text);
		if (cases[i].reason)
			SCRATCH_SAME(err.text, cases[i].reason);
	}
}

static struct plan
read_plan(const char *yaml)
{
	struct plan plan;

	cr_assert(plan_read(&plan, &arena, scratch_yaml(&arena, yaml), &err) ==
		      0,
	    "%s: %s", yaml, err.text);
	return plan;
}

Test(plan, reads_what_a_run_is_compared_with)
{
	struct plan plan =
	    read_plan("snapshot_id: abc\n"
		      "total_provider_calls_estimate: 6\n"
		      "total_prompt_tokens_estimate: 2400\n"
		      "estimated_cost_usd: 0.024\n"
		      "per_workflow:\n"
		      "- {workflow_id: review, calls: 3}\n"
		      "- {workflow_id: '', calls: 9}\n"
		      "- {calls: 9}\n"
		      "- {workflow_id: draft, prompt_words_estimate: 12}\n");

	cr_expect(text_is(plan.id, "abc"));
	cr_expect(eq(i64, plan.calls, 6));
	cr_expect(eq(i64, plan.prompt_tokens, 2400));
	cr_assert(plan.cost_usd != NULL);
	cr_expect(text_is(plan.cost_usd->text, "0.024"));
	cr_assert(eq(sz, plan.workflow_count, 2));
	cr_expect(text_is(plan.workflows[0].id, "draft"));
	cr_expect(eq(i64, plan.workflows[0].calls, 0));
	cr_expect(text_is(plan.workflows[0].prompt_words->text, "12"));
	cr_expect(text_is(plan.workflows[1].id, "review"));
	cr_expect(eq(i64, plan.workflows[1].calls, 3));
	cr_expect(plan.workflows[1].prompt_words == NULL);
}

Test(plan, of_which_all_is_missing_estimates_nothing)
{
	static const char *const plans[] = { "{}",
		"{per_workflow: null, estimated_cost_usd: null, "
		"total_provider_calls_estimate: null}" };

	for (size_t i = 0; i < SCRATCH_COUNT(plans); i++) {
		struct plan plan = read_plan(plans[i]);

		cr_expect(plan.id.data == NULL);
		cr_expect(eq(i64, plan.calls, 0));
		cr_expect(plan.cost_usd == NULL);
		cr_expect(eq(sz, plan.workflow_count, 0));
	}
}

Test(plan, adds_up_workflows_of_one_id)
{
	struct plan plan =
	    read_plan("per_workflow:\n"
		      "- {workflow_id: b, calls: 1}\n"
		      "- {workflow_id: a, calls: 2, prompt_words_estimate: 7}\n"
		      "- {workflow_id: b, calls: 4, prompt_words_estimate: 8}\n"
		      "- {workflow_id: b, calls: 8}\n");

	cr_assert(eq(sz, plan.workflow_count, 2));
	cr_expect(eq(i64, plan.workflows[0].calls, 2));
	cr_expect(eq(i64, plan.workflows[1].calls, 13));
	cr_expect(text_is(plan.workflows[1].prompt_words->text, "8"));
}

Test(plan, refuses_a_damaged_snapshot)
{
	static const struct {
		const char *yaml, *reason;
	} cases[] = {
		{ "[1]", "in:1:1: expected a mapping" },
		{ "snapshot_id: 7", NULL },
		{ "total_provider_calls_estimate: x", NULL },
		{ "total_prompt_tokens_estimate: -1", NULL },
		{ "estimated_cost_usd: -1",
		    "in:1:21: estimated_cost_usd: must not be negative" },
		{ "per_workflow: {}", NULL },
		{ "per_workflow: [1]",
		    "in:1:16: per_workflow[0]: expected a mapping" },
		{ "per_workflow: [{workflow_id: []}]", NULL },
		{ "per_workflow:\n"
		  "- {workflow_id: a, calls: 9223372036854775807}\n"
		  "- {workflow_id: a, calls: 1}",
		    "in:2:1: per_workflow: the calls of a workflow do not fit "
		    "64 bits" },
	};
	struct plan plan;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		cr_expect(eq(int,
			      plan_read(&plan, &arena,
				  scratch_yaml(&arena, cases[i].yaml), &err),
			      -1),
		    "%s", cases[i].yaml);
		cr_expect(eq(int, (int)err.kind, ERROR_DATA));
		if (cases[i].reason)
			SCRATCH_SAME(err.text, cases[i].reason);
	}
}

Test(plan, exceeds_its_limits_by_number_or_by_flag)
{
	static const struct {
		const char *yaml;
		bool calls, cost;
	} cases[] = {
		{ "{}", false, false },
		{ "{total_provider_calls_estimate: 6, max_calls: 6}", false,
		    false },
		{ "{total_provider_calls_estimate: 7, max_calls: 6}", true,
		    false },
		{ "{total_provider_calls_estimate: 7}", false, false },
		{ "{total_provider_calls_estimate: 1, max_calls: 0}", true,
		    false },
		{ "{max_calls: 0}", false, false },
		{ "{estimated_cost_usd: 1.0, cost_cap: 1}", false, false },
		{ "{estimated_cost_usd: 1.01, cost_cap: 1}", false, true },
		{ "{estimated_cost_usd: 0.0000001, cost_cap: 0}", false, true },
		{ "{estimated_cost_usd: 5, cost_cap: null}", false, false },
		{ "{estimated_cost_usd: 2.0e+300, cost_cap: 1.0e+300}", false,
		    true },
		{ "{estimated_cost_usd: 1, cost_cap: 1.0e+300}", false, false },
		{ "{exceeds_max_calls: true}", true, false },
		{ "{exceeds_cost_cap: true}", false, true },
		{ "{exceeds_max_calls: true, max_calls: 9, "
		  "total_provider_calls_estimate: 1}",
		    true, false },
		{ "{exceeds_max_calls: false, exceeds_cost_cap: null, "
		  "total_provider_calls_estimate: 2, max_calls: 1, "
		  "estimated_cost_usd: 2, cost_cap: 1}",
		    true, true },
	};
	struct plan_excess excess;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		excess = plan_excess_of(
		    snapshot_of(scratch_yaml(&arena, cases[i].yaml)));
		cr_expect(eq(int, excess.calls, cases[i].calls), "%s",
		    cases[i].yaml);
		cr_expect(eq(int, excess.cost, cases[i].cost), "%s",
		    cases[i].yaml);
	}
}

/* Money is compared exactly: as doubles these are the same. */
Test(plan, exceeds_a_cap_by_the_smallest_amount)
{
	struct plan_excess excess =
	    plan_excess_of(snapshot_of(scratch_yaml(&arena,
		"{estimated_cost_usd: 1000000.000000000000001, "
		"cost_cap: 1000000}")));

	cr_expect(excess.cost);
}

/* So are counts: these differ by one, and not as doubles. */
Test(plan, exceeds_a_very_large_count_by_one)
{
	struct plan_excess excess =
	    plan_excess_of(snapshot_of(scratch_yaml(&arena,
		"{total_provider_calls_estimate: 9007199254740993, "
		"max_calls: 9007199254740992}")));

	cr_expect(excess.calls);
}

/* What is stored must be read again, though it stands deeper there. */
Test(plan, refuses_what_is_nested_too_deep_to_be_stored)
{
	struct buf json = BUF_INIT;
	struct node *out;

	buf_puts(&json, "{\"per_workflow\": [{\"x\": ");
	buf_fill(&json, '[', NODE_MAX_DEPTH - 3);
	buf_fill(&json, ']', NODE_MAX_DEPTH - 3);
	buf_puts(&json, "}]}");
	cr_expect(eq(int,
	    plan_snapshot(&out, &arena, from_json(json.text), now, &err), -1));
	cr_expect(strstr(err.text, "is nested too deep to be stored") != NULL);
	buf_release(&json);
}
