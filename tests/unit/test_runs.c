#include "lib/store/runs.h"

#include "tests/unit/scratch_runs.h"

TestSuite(runs, .init = scratch_begin_runs, .fini = scratch_end_runs,
    .timeout = 60);

Test(runs, of_no_file_are_none)
{
	const struct node *stored;
	struct run run;

	SCRATCH_SAME(visit(0), "");
	SCRATCH_SAME(visit(5), "");
	for (int64_t index = 0; index < 2; index++) {
		cr_expect(eq(int,
		    runs_find(&run, &stored, &sw.w, index, &sw.s.err), 0));
		cr_expect(stored == NULL);
	}
	cr_expect(not(scratch_has(&sw.s, USAGE)));
}

Test(runs, of_no_folder_are_none)
{
	const struct node *stored;
	struct run run;

	workspace_close(&sw.w);
	SCRATCH_SAME(visit(0), "");
	cr_expect(eq(int, runs_find(&run, &stored, &sw.w, 0, &sw.s.err), 0));
	cr_expect(stored == NULL);
}

Test(runs, are_appended_one_by_one)
{
	struct buf expected = BUF_INIT;

	buf_puts(&expected, USAGE_HEAD);
	for (int i = 1; i <= 5; i++) {
		cr_expect(
		    eq(i64, record(arena_printf(arena, "r-%d", i), "s"), i));
		buf_puts(&expected, text_of_run(i));
		expect_usage(expected.text);
	}
	scratch_notes(&sw, "");
	buf_release(&expected);
}

Test(runs, are_appended_to_a_file_of_another_writer)
{
	write_runs(USAGE_HEAD, 1, 3, "");
	cr_expect(eq(i64, record("r-4", "s"), 4));
	scratch_notes(&sw, "");
	SCRATCH_SAME(visit(0), " 1 2 3 4");
}

/* Long and short ones, over the borders of every window. */
Test(runs, newest_ones_are_visited_whatever_their_length)
{
	static const size_t lengths[] = { 1, 10, 3000, 15000, 17000, 40000,
		70000, 1, 1, 300000, 5 };
	static const int64_t counts[] = { 1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 20,
		21, 22, 23, 24, 59, 60, 61, 1000 };
	const int total = 60;
	struct buf stage = BUF_INIT, expected = BUF_INIT;

	for (int i = 1; i <= total; i++) {
		buf_reset(&stage);
		buf_fill(&stage, 'x',
		    lengths[(size_t)i % SCRATCH_COUNT(lengths)]);
		cr_assert(record("r", stage.text) == i);
	}
	for (size_t c = 0; c < SCRATCH_COUNT(counts); c++) {
		int64_t from = total - counts[c] + 1;

		buf_reset(&expected);
		for (int64_t i = from < 1 ? 1 : from; i <= total; i++)
			buf_printf(&expected, " %d", (int)i);
		SCRATCH_SAME(visit(counts[c]), expected.text);
	}
	buf_reset(&expected);
	for (int i = 1; i <= total; i++)
		buf_printf(&expected, " %d", i);
	SCRATCH_SAME(visit(0), expected.text);
	buf_release(&expected);
	buf_release(&stage);
}

Test(runs, hundreds_are_found_by_their_index)
{
	const struct node *stored;
	struct run run;

	write_runs(USAGE_HEAD, 1, 400, "");
	for (int64_t i = 1; i <= 400; i++) {
		cr_assert(
		    eq(int, runs_find(&run, &stored, &sw.w, i, &sw.s.err), 0));
		cr_assert(stored != NULL, "%d", (int)i);
		cr_assert(eq(i64, run.index, i));
		cr_assert(text_is(run.workflows[0].run_id,
		    arena_printf(arena, "r-%d", (int)i)));
	}
	cr_expect(eq(int, runs_find(&run, &stored, &sw.w, 0, &sw.s.err), 0));
	cr_expect(stored && run.index == 400);
	for (int64_t i = 401; i < 410; i++) {
		cr_expect(
		    eq(int, runs_find(&run, &stored, &sw.w, i, &sw.s.err), 0));
		cr_expect(stored == NULL);
	}
	cr_expect(
	    eq(int, runs_find(&run, &stored, &sw.w, INT64_MAX, &sw.s.err), 0));
	cr_expect(stored == NULL);
}

Test(runs, may_lack_some_indexes)
{
	const struct node *stored;
	struct run run;

	scratch_write(&sw.s, USAGE,
	    arena_printf(arena, USAGE_HEAD "%s%s%s", text_of_run(2),
		text_of_run(7), text_of_run(100)));
	SCRATCH_SAME(visit(0), " 2 7 100");
	SCRATCH_SAME(visit(2), " 7 100");
	cr_expect(eq(int, runs_find(&run, &stored, &sw.w, 7, &sw.s.err), 0));
	cr_expect(stored && run.index == 7);
	cr_expect(eq(int, runs_find(&run, &stored, &sw.w, 8, &sw.s.err), 0));
	cr_expect(stored == NULL);
	cr_expect(eq(i64, record("r", "s"), 101));
	scratch_notes(&sw, "");
}

static int
stop_at_two(void *data, const struct node *stored, const struct run *run,
    struct error *err)
{
	(void)stored;
	++*(int *)data;
	if (run->index == 2)
		return error_set(err, ERROR_DATA, "enough");
	return 0;
}

Test(runs, visitor_that_fails_ends_the_visit)
{
	int visited = 0;

	write_runs(USAGE_HEAD, 1, 4, "");
	scratch_expect(runs_visit(&sw.w, 0, stop_at_two, &visited, &sw.s.err),
	    &sw.s.err, ERROR_DATA, "enough");
	cr_expect(eq(int, visited, 2));
	visited = 0;
	scratch_write(&sw.s, USAGE,
	    "{schema_version: 1, runs: "
	    "[{run_index: 1}, {run_index: 2}, {run_index: 3}]}");
	scratch_expect(runs_visit(&sw.w, 2, stop_at_two, &visited, &sw.s.err),
	    &sw.s.err, ERROR_DATA, "enough");
	cr_expect(eq(int, visited, 1));
}

Test(runs, once_tells_a_run_that_is_known)
{
	struct run run = scratch_run(arena, "same", "s");
	bool known = true;

	cr_expect(eq(i64, record_run(&run, true, &known), 1));
	cr_expect(not(known));
	for (int i = 0; i < 99; i++)
		record("other", "s");
	run.index = 0;
	cr_expect(eq(i64, record_run(&run, true, &known), 1));
	cr_expect(known);
	/* Without once it is one more, and then the newest of them counts. */
	cr_expect(eq(i64, record_run(&run, false, &known), 101));
	cr_expect(not(known));
	cr_expect(eq(i64, record_run(&run, true, &known), 101));
	cr_expect(known);
	SCRATCH_SAME(visit(1), " 101");
}

Test(runs, once_looks_at_the_newest_100_alone)
{
	struct run run = scratch_run(arena, "r-1", "s");
	bool known = true;

	write_runs(USAGE_HEAD, 1, 101, "");
	cr_expect(eq(i64, record_run(&run, true, &known), 102));
	cr_expect(not(known));
	run = scratch_run(arena, "r-3", "s");
	cr_expect(eq(i64, record_run(&run, true, &known), 3));
	cr_expect(known);
}

Test(runs, once_knows_no_run_without_run_ids)
{
	struct run run = scratch_run(arena, NULL, "s");
	bool known = true;

	record(NULL, "s");
	cr_expect(eq(i64, record_run(&run, true, &known), 2));
	cr_expect(not(known));
	run.workflow_count = 0;
	cr_expect(eq(i64, record_run(&run, true, &known), 3));
	cr_expect(eq(i64, record_run(&run, true, &known), 4));
}

/*
 * Cut the file at every byte of its last run: what is left is set aside, or
 * was whole, and the next run goes behind it.
 */
/* A crash may leave the size without the bytes. */
/* What others may write, that YAML reads to the same. */
/* Each run is told from the next by its column, whatever else is changed. */
/* A person may take runs out, or mend a figure. */
/* The first and the last run are as they were, and so is the size. */
