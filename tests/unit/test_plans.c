#include "lib/store/plans.h"

#include "tests/unit/scratch_workspace.h"

#define PLANS BUDGET "plans.yaml"

static struct scratch_workspace sw;
static struct arena *const arena = &sw.s.arena;

static void
begin(void)
{
	scratch_workspace_begin(&sw);
}

static void
end(void)
{
	scratch_workspace_end(&sw);
}

TestSuite(plans, .init = begin, .fini = end);

static int
record(const char *stage, int64_t retention)
{
	struct node *summary = node_map(arena), *out;

	node_put(arena, summary, "stage", node_string(arena, stage));
	sw.now.micros += 1000000;
	return plans_record(&out, &sw.w, summary, retention, &sw.s.err);
}

static struct plans
load(void)
{
	struct plans plans;

	cr_assert(plans_load(&plans, &sw.w, &sw.s.err) == 0, "%s",
	    sw.s.err.text);
	return plans;
}

/* The stages of the snapshots and what was pruned. */
static char *
show(void)
{
	struct plans plans = load();
	struct buf out = BUF_INIT;
	char *text;

	buf_puts(&out, node_get(plans.root, "pruned_count")->text.data);
	for (const struct node *n = plans.snapshots->first; n; n = n->next)
		buf_printf(&out, " %s", node_get(n, "stage")->text.data);
	text = arena_copy(arena, out.text, out.len);
	buf_release(&out);
	return text;
}

static bool
starts_with(const char *expected)
{
	return strncmp(scratch_read(&sw.s, PLANS).data, expected,
		   strlen(expected)) == 0;
}

Test(plans, of_no_file_are_none)
{
	struct plans plans = load();
	bool several = true;

	cr_expect(plans.root == NULL);
	cr_expect(plans_latest(&plans) == NULL);
	cr_expect(plans_find(&plans, TEXT("a")) == NULL);
	cr_expect(plans_find_prefix(&plans, TEXT(""), &several) == NULL);
	cr_expect(not(several));
}

Test(plans, are_recorded_oldest_first)
{
	struct node *summary = scratch_yaml(arena, "{}"), *out = NULL;
	struct plans plans;

	cr_expect(
	    eq(int, plans_record(&out, &sw.w, summary, 50, &sw.s.err), 0));
	SCRATCH_SAME(plans_id(out).data, "dab1e8a6321a");
	cr_expect(eq(int, sw.w.lock.fd, -1));
	cr_expect(starts_with("schema_version: 1\npruned_count: 0\nsnapshots:\n"
			      "- snapshot_id: dab1e8a6321a\n"
			      "  recorded_at: '2026-11-22T08:00:00+00:00'\n"
			      "  stage: null\n"));
	cr_expect(eq(int, record("b", 50), 0));
	plans = load();
	cr_expect(eq(sz, plans.snapshots->count, 2));
	cr_expect(text_is(node_get(plans_latest(&plans), "stage")->text, "b"));
	scratch_notes(&sw, "");
}

Test(plans, of_the_newest_id_refresh_its_time_alone)
{
	struct plans plans;

	record("a", 50);
	record("a", 50);
	plans = load();
	cr_expect(eq(sz, plans.snapshots->count, 1));
	cr_expect(text_is(node_get(plans_latest(&plans), "recorded_at")->text,
	    "2026-11-22T08:00:02+00:00"));
	record("b", 50);
	record("a", 50);
	SCRATCH_SAME(show(), "0 a b a");
}

Test(plans, beyond_retention_are_pruned_and_counted)
{
	static const char *const stages[] = { "a", "b", "c", "d", "e" };

	for (size_t i = 0; i < SCRATCH_COUNT(stages); i++)
		cr_assert(record(stages[i], 2) == 0);
	SCRATCH_SAME(show(), "3 d e");
	record("f", 0);
	record("g", 0);
	SCRATCH_SAME(show(), "3 d e f g");
	record("h", 1);
	SCRATCH_SAME(show(), "7 h");
	record("i", INT64_MAX);
	SCRATCH_SAME(show(), "7 h i");
}

Test(plans, keep_the_fields_of_others)
{
	scratch_workspace_make(&sw);
	scratch_write(&sw.s, PLANS,
	    "mine: [1]\nschema_version: 1\npruned_count: 4\n"
	    "snapshots:\n- {snapshot_id: x, stage: a, extra: {b: c}}\n");
	cr_expect(eq(int, record("b", 50), 0));
	SCRATCH_SAME(show(), "4 a b");
	cr_expect(starts_with("mine:\n- 1\nschema_version: 1\npruned_count: 4\n"
			      "snapshots:\n- snapshot_id: x\n  stage: a\n"
			      "  extra:\n    b: c\n- snapshot_id: "));
}

Test(plans, may_be_a_null_list)
{
	struct plans plans;

	scratch_workspace_make(&sw);
	scratch_write(&sw.s, PLANS,
	    "schema_version: 1\npruned_count: 0\nsnapshots: null\n");
	plans = load();
	cr_expect(plans_latest(&plans) == NULL);
	cr_expect(eq(int, record("a", 50), 0));
	SCRATCH_SAME(show(), "0 a");
}

Test(plans, are_found_by_id_and_by_prefix)
{
	static const struct {
		const char *prefix, *stage;
		bool several;
	} cases[] = {
		{ "ab12", "b", false },
		{ "ab1", NULL, true },
		{ "ab", "e", false },
		{ "cd", "c", false },
		{ "cde", "c", false },
		{ "cdef", NULL, false },
		{ "x", NULL, false },
		{ "", NULL, true },
	};
	struct plans plans;
	bool several;

	scratch_workspace_make(&sw);
	scratch_write(&sw.s, PLANS,
	    "schema_version: 1\nsnapshots:\n"
	    "- {snapshot_id: ab12, stage: a}\n"
	    "- {snapshot_id: ab13, stage: d}\n"
	    "- {snapshot_id: cde, stage: c}\n"
	    "- {snapshot_id: ab12, stage: b}\n"
	    "- {snapshot_id: ab, stage: e}\n");
	plans = load();
	cr_expect(
	    text_is(node_get(plans_find(&plans, TEXT("ab12")), "stage")->text,
		"b"));
	cr_expect(plans_find(&plans, TEXT("ab1")) == NULL);
	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		const struct node *found = plans_find_prefix(&plans,
		    text_of(cases[i].prefix), &several);

		cr_expect(eq(int, several, cases[i].several), "%s",
		    cases[i].prefix);
		SCRATCH_SAME(found ? node_get(found, "stage")->text.data : "-",
		    cases[i].stage ? cases[i].stage : "-");
	}
}

/* The newest snapshot of one id, of which there are two, is not several. */
Test(plans, of_one_id_are_not_several)
{
	struct plans plans;
	bool several = true;

	scratch_workspace_make(&sw);
	scratch_write(&sw.s, PLANS,
	    "schema_version: 1\nsnapshots:\n"
	    "- {snapshot_id: ab, stage: a}\n- {snapshot_id: ab, stage: b}\n");
	plans = load();
	cr_expect(
	    text_is(node_get(plans_find_prefix(&plans, TEXT("a"), &several),
			"stage")
			->text,
		"b"));
	cr_expect(not(several));
}

Test(plans, that_are_damaged_are_reported_and_left)
{
	static const char *const texts[] = {
		"schema_version: 1\n",
		"schema_version: 1\nsnapshots: {}\n",
		"schema_version: 1\nsnapshots: [x]\n",
		"schema_version: 1\nsnapshots: [{}]\n",
		"schema_version: 1\nsnapshots: [{snapshot_id: 1}]\n",
		"schema_version: 1\npruned_count: -1\nsnapshots: []\n",
		"schema_version: 1\npruned_count: x\nsnapshots: []\n",
		"snapshots: []\n",
		"",
	};
	struct plans plans;

	scratch_workspace_make(&sw);
	for (size_t i = 0; i < SCRATCH_COUNT(texts); i++) {
		scratch_write(&sw.s, PLANS, texts[i]);
		cr_expect(eq(int, plans_load(&plans, &sw.w, &sw.s.err), -1),
		    "%s", texts[i]);
		cr_expect(eq(int, (int)sw.s.err.kind, ERROR_DATA));
		cr_expect(eq(int, record("a", 50), -1));
		cr_expect(eq(int, (int)sw.s.err.kind, ERROR_DATA));
		cr_expect(strncmp(sw.s.err.text, PLANS ":", 24) == 0, "%s",
		    sw.s.err.text);
		cr_expect(eq(int, sw.w.lock.fd, -1));
		cr_expect(text_is(scratch_read(&sw.s, PLANS), texts[i]));
	}
}

Test(plans, of_a_newer_version_are_not_changed)
{
	const char *text = "schema_version: 3\nsnapshots: []\n";

	scratch_workspace_make(&sw);
	scratch_write(&sw.s, PLANS, text);
	cr_expect(eq(int, record("a", 50), -1));
	cr_expect(text_is(scratch_read(&sw.s, PLANS), text));
	load();
	scratch_notes(&sw,
	    "plans.yaml: schema_version 3 is newer than this meter knows\n");
}

Test(plans, that_are_wrong_make_no_folder)
{
	struct node *out;

	cr_expect(eq(int,
	    plans_record(&out, &sw.w, scratch_yaml(arena, "{stage: 1}"), 50,
		&sw.s.err),
	    -1));
	cr_expect(not(scratch_has(&sw.s, "output")));
}

Test(plans, count_of_pruned_ones_is_checked)
{
	scratch_workspace_make(&sw);
	scratch_write(&sw.s, PLANS,
	    "schema_version: 1\npruned_count: 9223372036854775807\n"
	    "snapshots:\n- {snapshot_id: a}\n");
	cr_expect(eq(int, record("b", 1), -1));
	cr_expect(strstr(sw.s.err.text, "does not fit 64 bits") != NULL);
}
