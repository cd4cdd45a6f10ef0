#include "lib/store/summary_file.h"

#include "lib/store/plans.h"
#include "lib/store/runs.h"
#include "tests/unit/scratch_workspace.h"

#define SUMMARY BUDGET "summary.yaml"

static struct scratch_workspace sw;
static struct arena *const arena = &sw.s.arena;

static void
begin(void)
{
	scratch_workspace_begin(&sw);
	scratch_workspace_make(&sw);
}

static void
end(void)
{
	scratch_workspace_end(&sw);
}

TestSuite(summary_file, .init = begin, .fini = end);

static void
record_run(const char *snapshot_id)
{
	struct run run = scratch_run(arena, "r", "s");
	struct when ignored;
	bool known;

	run.snapshot_id = text_of(snapshot_id);
	cr_assert(workspace_lock(&sw.w, &ignored, &sw.s.err) == 0);
	cr_assert(runs_append(&sw.w, &run, false, &known, &sw.s.err) == 0, "%s",
	    sw.s.err.text);
	workspace_unlock(&sw.w);
}

static const char *
record_plan(const char *yaml)
{
	struct node *out;

	cr_assert(plans_record(&out, &sw.w, scratch_yaml(arena, yaml), 50,
		      &sw.s.err) == 0);
	return plans_id(out).data;
}

static struct summary_file
latest(void)
{
	struct summary_file summary;

	cr_assert(summary_file_latest(&summary, &sw.w, &sw.s.err) == 0, "%s",
	    sw.s.err.text);
	return summary;
}

Test(summary_file, of_no_run_is_none)
{
	struct summary_file summary = latest();

	cr_expect(summary.node == NULL);
	summary_file_mend(&sw.w, &summary);
	cr_expect(not(scratch_has(&sw.s, SUMMARY)));
	cr_expect(
	    eq(int, summary_file_of_run(&summary, &sw.w, 5, &sw.s.err), 0));
	cr_expect(summary.node == NULL);
}

Test(summary_file, is_computed_where_it_is_missing_or_behind)
{
	const char *id = record_plan("total_provider_calls_estimate: 4");
	struct summary_file summary;

	record_run(id);
	summary = latest();
	cr_assert(summary.node != NULL);
	cr_expect(not(summary.is_stored));
	cr_expect(summary.variance.is_resolved);
	cr_expect(eq(i64, summary.variance.calls.estimated, 4));
	summary_file_mend(&sw.w, &summary);
	cr_expect(strstr(scratch_read(&sw.s, SUMMARY).data,
		      "schema_version: 1\nrecorded_at: "
		      "'2026-11-22T08:00:00+00:00'\nrun_index: 1\n") != NULL);
	cr_expect(latest().is_stored);
	record_run(NULL);
	summary = latest();
	cr_expect(not(summary.is_stored));
	cr_expect(eq(i64, summary.variance.run_index, 2));
	cr_expect(not(summary.variance.is_resolved));
	scratch_notes(&sw, "");
}

Test(summary_file, that_is_stored_is_given_as_it_is)
{
	struct summary_file summary;
	char *text;

	record_run(NULL);
	summary = latest();
	summary_file_mend(&sw.w, &summary);
	text = arena_printf(arena, "%smine: 1\n",
	    scratch_read(&sw.s, SUMMARY).data);
	scratch_write(&sw.s, SUMMARY, text);
	summary = latest();
	cr_expect(summary.is_stored);
	cr_expect(node_get(summary.node, "mine") != NULL);
	summary_file_mend(&sw.w, &summary);
	cr_expect(text_is(scratch_read(&sw.s, SUMMARY), text));
}

Test(summary_file, saving_keeps_the_fields_of_others)
{
	struct summary_file summary;
	struct when ignored;
	struct text text;

	record_run(NULL);
	summary = latest();
	summary_file_mend(&sw.w, &summary);
	scratch_write(&sw.s, SUMMARY,
	    arena_printf(arena, "%smine: [1, {a: b}]\n",
		scratch_read(&sw.s, SUMMARY).data));
	record_run(NULL);
	summary = latest();
	cr_assert(workspace_lock(&sw.w, &ignored, &sw.s.err) == 0);
	cr_expect(eq(int, summary_file_save(&sw.w, &summary, &sw.s.err), 0));
	workspace_unlock(&sw.w);
	text = scratch_read(&sw.s, SUMMARY);
	cr_expect(strstr(text.data, "run_index: 2\n") != NULL);
	cr_expect(strstr(text.data, "\nmine:\n- 1\n- a: b\n") != NULL);
}

Test(summary_file, that_is_damaged_is_reported_and_left)
{
	static const char *const texts[] = { "", "schema_version: 1\n",
		"schema_version: 1\ncalls: x\n", "a: [\n" };
	struct summary_file summary, fine;
	struct when ignored;

	record_run(NULL);
	fine = latest();
	for (size_t i = 0; i < SCRATCH_COUNT(texts); i++) {
		scratch_write(&sw.s, SUMMARY, texts[i]);
		cr_expect(eq(int,
		    summary_file_latest(&summary, &sw.w, &sw.s.err), -1));
		cr_expect(eq(int, (int)sw.s.err.kind, ERROR_DATA));
		cr_assert(workspace_lock(&sw.w, &ignored, &sw.s.err) == 0);
		cr_expect(
		    eq(int, summary_file_save(&sw.w, &fine, &sw.s.err), -1));
		workspace_unlock(&sw.w);
		summary_file_mend(&sw.w, &fine);
		cr_expect(text_is(scratch_read(&sw.s, SUMMARY), texts[i]));
	}
}

Test(summary_file, of_a_newer_version_is_not_mended)
{
	struct summary_file summary;
	char *text;

	record_run(NULL);
	summary = latest();
	summary_file_mend(&sw.w, &summary);
	text = arena_printf(arena, "%s", scratch_read(&sw.s, SUMMARY).data);
	text[strlen("schema_version: ")] = '2';
	scratch_write(&sw.s, SUMMARY, text);
	record_run(NULL);
	summary = latest();
	cr_expect(eq(i64, summary.variance.run_index, 2));
	buf_reset(&sw.notes);
	summary_file_mend(&sw.w, &summary);
	cr_expect(text_is(scratch_read(&sw.s, SUMMARY), text));
	cr_expect(strstr(sw.notes.text, "not changed") != NULL, "%s",
	    sw.notes.text);
}

/* Mending can wait; recording holds the lock. */
Test(summary_file, is_not_mended_while_another_holds_the_lock)
{
	struct workspace other = sw.w;
	struct summary_file summary;
	struct when ignored;

	record_run(NULL);
	summary = latest();
	cr_assert(workspace_open(&other, &sw.s.err) == 0);
	cr_assert(workspace_lock(&other, &ignored, &sw.s.err) == 0);
	summary_file_mend(&sw.w, &summary);
	cr_expect(not(scratch_has(&sw.s, SUMMARY)));
	workspace_close(&other);
	summary_file_mend(&sw.w, &summary);
	cr_expect(scratch_has(&sw.s, SUMMARY));
}

Test(summary_file, of_an_older_run_is_computed_and_not_stored)
{
	const char *id = record_plan("estimated_cost_usd: 1.5");
	struct summary_file summary;

	record_run(id);
	record_run("gone");
	cr_expect(
	    eq(int, summary_file_of_run(&summary, &sw.w, 1, &sw.s.err), 0));
	cr_assert(summary.node != NULL);
	cr_expect(summary.variance.is_resolved);
	cr_expect(eq(dbl, summary.variance.cost.estimated, 1.5));
	cr_expect(
	    eq(int, summary_file_of_run(&summary, &sw.w, 2, &sw.s.err), 0));
	cr_expect(not(summary.variance.is_resolved));
	cr_expect(text_is(summary.variance.snapshot_id, "gone"));
	cr_expect(
	    eq(int, summary_file_of_run(&summary, &sw.w, 3, &sw.s.err), 0));
	cr_expect(summary.node == NULL);
	cr_expect(not(scratch_has(&sw.s, SUMMARY)));
}

Test(summary_file, needs_plans_and_runs_that_can_be_read)
{
	struct summary_file summary;

	record_run("a");
	scratch_write(&sw.s, BUDGET "plans.yaml", "[]");
	cr_expect(eq(int, summary_file_latest(&summary, &sw.w, &sw.s.err), -1));
	scratch_write(&sw.s, BUDGET "usage.yaml", "[]");
	cr_expect(eq(int, summary_file_latest(&summary, &sw.w, &sw.s.err), -1));
	cr_expect(
	    eq(int, summary_file_of_run(&summary, &sw.w, 1, &sw.s.err), -1));
	cr_expect(eq(int, (int)sw.s.err.kind, ERROR_DATA));
}
