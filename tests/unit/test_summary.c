#include "lib/core/summary.h"

#include "lib/core/variance.h"
#include "lib/doc/yaml_write.h"
#include "tests/unit/scratch.h"

#define NUMBERS(e, a, d, r)                                                    \
	"  estimated: " e "\n  actual: " a "\n  delta: " d "\n  ratio: " r "\n"
#define NOTHING NUMBERS("null", "0", "null", "null")

static const char planned[] =
    "schema_version: 1\nrecorded_at: '2026-11-22T08:05:00+00:00'\n"
    "run_index: 1\nsnapshot_id: b9bb6f387af5\n"
    "snapshot_resolved: true\n"
    "calls:\n" NUMBERS("6", "3", "-3", "0.5") "prompt_tokens:\n" NUMBERS("2400",
	"2600", "200",
	"1.0833") "total_tokens:\n" NUMBERS("2400", "3150", "750",
	"1.3125") "cost_usd:\n  estimated: 0.024\n  actual_known: 0.0075\n"
		  "  actual_estimated_from_rates: 0.0057\n  actual_total: 0.0132\n"
		  "  delta: -0.0108\n  ratio: 0.55\n"
		  "per_workflow:\n"
		  "- workflow_id: a.b[c].d\n  calls:\n"
		  "    estimated: 3\n    actual: 2\n    delta: -1\n"
		  "    ratio: 0.6667\n"
		  "  prompt_tokens_actual: 1900\n  prompt_words_estimate: 1200\n"
		  "- workflow_id: draft\n  calls:\n"
		  "    estimated: null\n    actual: 1\n    delta: null\n"
		  "    ratio: null\n"
		  "  prompt_tokens_actual: 700\n  prompt_words_estimate: null\n"
		  "duration_seconds: 12.5\n";
static const char unplanned[] =
    "schema_version: 1\nrecorded_at: null\nrun_index: 2\n"
    "snapshot_id: null\nsnapshot_resolved: false\n"
    "calls:\n" NOTHING "prompt_tokens:\n" NOTHING "total_tokens:\n" NOTHING
    "cost_usd:\n  estimated: null\n  actual_known: 0.0\n"
    "  actual_estimated_from_rates: 0.0\n  actual_total: 0.0\n"
    "  delta: null\n  ratio: null\n"
    "per_workflow: []\nduration_seconds: null\n";
static const char of_nothing[] =
    "schema_version: 1\nrecorded_at: null\nrun_index: 2\n"
    "snapshot_id: x\nsnapshot_resolved: true\n"
    "calls:\n" NUMBERS("0", "3", "3", "null") "prompt_tokens:\n" NUMBERS("0",
	"0", "0", "null") "total_tokens:\n" NUMBERS("0", "9", "9",
	"null") "cost_usd:\n  estimated: 0.0\n  actual_known: 0.5\n"
		"  actual_estimated_from_rates: 0.0\n  actual_total: 0.5\n"
		"  delta: 0.5\n  ratio: null\n"
		"per_workflow: []\nduration_seconds: null\n";

static struct arena arena = ARENA_INIT;
static struct error err;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(summary, .fini = release);

/* Deltas and ratios are computed anew from what was read. */
Test(summary, form_that_is_read_is_written_again)
{
	static const char *const summaries[] = { planned, unplanned,
		of_nothing };
	struct buf out = BUF_INIT;
	struct variance v;

	for (size_t i = 0; i < SCRATCH_COUNT(summaries); i++) {
		cr_assert(summary_read(&v, &arena,
			      scratch_yaml(&arena, summaries[i]), &err) == 0,
		    "%s", err.text);
		buf_reset(&out);
		yaml_write(&out, summary_node(&arena, &v));
		SCRATCH_SAME(out.text, summaries[i]);
	}
	buf_release(&out);
}

Test(summary, money_is_written_as_floats)
{
	struct variance v = { 0 };
	struct buf out = BUF_INIT;

	cr_assert(variance_set_estimate(&v.cost,
		      node_get(scratch_yaml(&arena, "e: 1"), "e"), &err) == 0);
	v.cost.total.femto = (money_int)2000000000000000;
	yaml_write(&out, summary_node(&arena, &v));
	cr_expect(strstr(out.text, "cost_usd:\n  estimated: 1.0\n") != NULL);
	cr_expect(
	    strstr(out.text,
		"  actual_total: 2.0\n  delta: 1.0\n  ratio: 2.0\n") != NULL);
	buf_release(&out);
}

#define MAPS                                                                   \
	"calls: {actual: 1}\nprompt_tokens: {actual: 1}\n"                     \
	"total_tokens: {actual: 1}\n"

Test(summary, refuses_fields_of_the_wrong_type)
{
	static const struct {
		const char *yaml, *reason;
	} cases[] = {
		{ "[]", "in:1:1: expected a mapping" },
		{ "{}", "in:1:1: expected a mapping of calls" },
		{ "calls: 1", "in:1:8: calls: expected a mapping of calls" },
		{ "{calls: {}}",
		    "in:1:1: expected a mapping of prompt_tokens" },
		{ "{calls: {actual: x}}", NULL },
		{ "{calls: {estimated: x}}", NULL },
		{ "{calls: {}, prompt_tokens: {}}",
		    "in:1:1: expected a mapping of total_tokens" },
		{ MAPS, "in:1:1: expected a mapping of cost_usd" },
		{ MAPS "cost_usd: []",
		    "in:4:11: cost_usd: expected a mapping of cost_usd" },
		{ MAPS "cost_usd: {estimated: x}", NULL },
		{ MAPS "cost_usd: {actual_known: x}", NULL },
		{ MAPS "cost_usd: {actual_estimated_from_rates: x}", NULL },
		{ MAPS "cost_usd: {actual_total: x}", NULL },
		{ MAPS "cost_usd: {}\nduration_seconds: x", NULL },
		{ MAPS "cost_usd: {}\nper_workflow: {}", NULL },
		{ MAPS "cost_usd: {}\nper_workflow: [1]",
		    "in:5:16: per_workflow[0]: expected a mapping" },
		{ MAPS "cost_usd: {}\nper_workflow: [{workflow_id: 1}]", NULL },
		{ MAPS "cost_usd: {}\nper_workflow: [{}]",
		    "in:5:16: per_workflow[0]: expected a mapping of calls" },
		{ MAPS "cost_usd: {}\nper_workflow: "
		       "[{calls: {}, prompt_tokens_actual: x}]",
		    NULL },
		{ "recorded_at: 1", NULL },
		{ "run_index: x", NULL },
		{ "snapshot_id: []", NULL },
		{ "snapshot_resolved: 1", NULL },
	};
	struct variance v;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		cr_expect(eq(int,
			      summary_read(&v, &arena,
				  scratch_yaml(&arena, cases[i].yaml), &err),
			      -1),
		    "%s", cases[i].yaml);
		cr_expect(eq(int, (int)err.kind, ERROR_DATA));
		if (cases[i].reason)
			SCRATCH_SAME(err.text, cases[i].reason);
	}
	cr_expect(eq(int,
	    summary_read(&v, &arena,
		scratch_yaml(&arena, MAPS "cost_usd: {}\nper_workflow: null"),
		&err),
	    0));
}

Test(summary, knows_its_own_fields)
{
	cr_expect(summary_has_field(TEXT("schema_version")));
	cr_expect(summary_has_field(TEXT("per_workflow")));
	cr_expect(summary_has_field(TEXT("duration_seconds")));
	cr_expect(not(summary_has_field(TEXT("calls.actual"))));
	cr_expect(not(summary_has_field(TEXT("Calls"))));
	cr_expect(not(summary_has_field(TEXT(""))));
}

Test(summary, finds_a_value_by_its_path)
{
	static const struct {
		const char *path, *value; /* NULL: there is none */
	} cases[] = {
		{ "schema_version", "1" },
		{ "calls.actual", "3" },
		{ "cost_usd.ratio", "0.55" },
		{ "snapshot_resolved", "true" },
		{ "per_workflow[draft].calls.actual", "1" },
		{ "per_workflow[draft].calls.ratio", "null" },
		{ "per_workflow[draft].prompt_tokens_actual", "700" },
		{ "per_workflow[draft].workflow_id", "\"draft\"" },
		{ "per_workflow[draft]", "a mapping" },
		{ "per_workflow", "a list" },
		{ "calls", "a mapping" },
		{ "", NULL },
		{ ".", NULL },
		{ ".calls", NULL },
		{ "calls.", NULL },
		{ "calls..actual", NULL },
		{ "calls.none", NULL },
		{ "none", NULL },
		{ "none.actual", NULL },
		{ "calls.actual.more", NULL },
		{ "calls[actual]", NULL },
		{ "per_workflow.draft", NULL },
		{ "per_workflow[0]", NULL },
		{ "per_workflow[none]", NULL },
		{ "per_workflow[]", NULL },
		{ "per_workflow[draft", NULL },
		{ "per_workflow[draft]x", NULL },
		{ "[draft]", NULL },
		{ "CALLS.actual", NULL },
	};
	struct node *stored = scratch_yaml(&arena, planned);
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		const struct node *node = summary_find(stored, cases[i].path);

		buf_reset(&out);
		if (node)
			node_describe(&out, node);
		cr_expect(strcmp(node ? out.text : "none",
			      cases[i].value ? cases[i].value : "none") == 0,
		    "%s: %s", cases[i].path, node ? out.text : "none");
	}
	buf_release(&out);
}

/* An id may hold all that a path is made of. */
Test(summary, finds_a_workflow_of_any_id)
{
	static const char *const ids[] = { "a.b", "a[b]", "a]b", "[", "]", ".",
		"a[b].c", "].calls", "a b", "\xc3\xa9", "calls" };

	for (size_t i = 0; i < SCRATCH_COUNT(ids); i++) {
		struct node *stored = scratch_yaml(&arena,
		    arena_printf(&arena,
			"per_workflow:\n"
			"- {workflow_id: other, calls: {actual: 1}}\n"
			"- {workflow_id: '%s', calls: {actual: 7}}\n",
			ids[i]));
		const struct node *node = summary_find(stored,
		    arena_printf(&arena, "per_workflow[%s].calls.actual",
			ids[i]));

		cr_expect(node && text_is(node->text, "7"), "%s", ids[i]);
		node = summary_find(stored,
		    arena_printf(&arena, "per_workflow[%s]", ids[i]));
		cr_expect(node && node->type == NODE_MAP, "%s", ids[i]);
	}
}
