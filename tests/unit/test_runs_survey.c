#include "lib/store/runs_survey.h"

#include "tests/unit/scratch_workspace.h"

#define USAGE BUDGET "usage.yaml"
#define STAMP BUDGET ".cache/usage.stamp"

static struct scratch_workspace sw;
static struct arena *const arena = &sw.s.arena;
static struct file file = FILE_NONE;

static void
begin(void)
{
	scratch_workspace_begin(&sw);
	scratch_workspace_make(&sw);
}

static void
end(void)
{
	file_close(&file);
	scratch_workspace_end(&sw);
}

TestSuite(runs_survey, .init = begin, .fini = end);

static struct runs_survey
survey(const char *text)
{
	struct runs_survey out;
	bool found;

	file_close(&file);
	if (text)
		scratch_write(&sw.s, USAGE, text);
	cr_assert(
	    file_open(&file, &sw.w.dir, RUNS_NAME, &found, &sw.s.err) == 0);
	cr_assert(runs_survey(&out, &sw.w, &file, &sw.s.err) == 0, "%s",
	    sw.s.err.text);
	return out;
}

static char *
run_text(int index)
{
	return scratch_run_text(arena, index, "r", "s");
}

Test(runs_survey, says_where_the_runs_are)
{
	char *one = run_text(1), *two = run_text(2);
	struct runs_survey found =
	    survey(arena_printf(arena, USAGE_HEAD "%s%s", one, two));
	int64_t head = (int64_t)strlen(USAGE_HEAD);

	cr_expect(eq(int, (int)found.shape, RUNS_CANONICAL));
	cr_expect(eq(i64, found.begin, head));
	cr_expect(eq(int, found.line, 3));
	cr_expect(eq(i64, found.last, 2));
	cr_expect(eq(i64, found.last_begin, head + (int64_t)strlen(one)));
	cr_expect(eq(i64, found.end, file.size));
	cr_expect(not(found.lacks_newline));
	cr_expect(found.root == NULL);
}

/* The second survey has a stamp to go by, and says the same. */
Test(runs_survey, says_the_same_with_a_stamp_as_without)
{
	struct buf text = BUF_INIT;

	buf_puts(&text, USAGE_HEAD);
	for (int i = 1; i <= 40; i++) {
		struct runs_survey without, with;

		buf_puts(&text, run_text(i));
		without = survey(text.text);
		cr_expect(scratch_has(&sw.s, STAMP));
		with = survey(NULL);
		cr_expect(eq(int, (int)with.shape, (int)without.shape));
		cr_expect(eq(i64, with.begin, without.begin));
		cr_expect(eq(i64, with.end, without.end));
		cr_expect(eq(i64, with.last, without.last));
		cr_expect(eq(i64, with.last_begin, without.last_begin));
	}
	buf_release(&text);
}

/* A last run that is longer than the first look at the tail. */
Test(runs_survey, finds_a_last_run_of_any_length)
{
	static const size_t lengths[] = { 3000, 5000, 20000, 70000, 300000 };
	struct buf stage = BUF_INIT;

	for (size_t i = 0; i < SCRATCH_COUNT(lengths); i++) {
		char *one = run_text(1), *two;
		struct runs_survey found;

		buf_reset(&stage);
		buf_fill(&stage, 'x', lengths[i]);
		two = scratch_run_text(arena, 2, "r", stage.text);
		for (int stamped = 0; stamped < 2; stamped++) {
			found =
			    survey(stamped ? NULL
					   : arena_printf(arena,
						 USAGE_HEAD "%s%s", one, two));
			cr_expect(eq(int, (int)found.shape, RUNS_CANONICAL));
			cr_expect(eq(i64, found.last, 2));
			cr_expect(eq(i64, found.end, file.size));
			cr_expect(eq(i64, found.last_begin,
			    (int64_t)(strlen(USAGE_HEAD) + strlen(one))));
		}
		/* Alone, it is the first of all. */
		found = survey(arena_printf(arena, USAGE_HEAD "%s", two));
		found = survey(NULL);
		cr_expect(eq(i64, found.last_begin, found.begin));
	}
	buf_release(&stage);
}

Test(runs_survey, tells_the_shape_of_a_file)
{
	char *one = run_text(1), *two = run_text(2);
	const struct {
		char *text;
		enum runs_shape shape;
		int64_t last;
		bool lacks_newline, has_root;
	} cases[] = {
		{ arena_printf(arena, USAGE_HEAD), RUNS_CANONICAL, 0, false,
		    false },
		{ arena_printf(arena, USAGE_HEAD "%.*s", (int)strlen(one) - 1,
		      one),
		    RUNS_CANONICAL, 1, true, false },
		{ arena_printf(arena, USAGE_HEAD "%s-", one), RUNS_TORN, 1,
		    false, false },
		{ arena_printf(arena, USAGE_HEAD "%s- run_index: 2\n", one),
		    RUNS_TORN, 1, false, false },
		{ arena_printf(arena, USAGE_HEAD "%s# end\n", one),
		    RUNS_FOREIGN, 1, false, true },
		{ arena_printf(arena, USAGE_HEAD "%smine: 1\n", one),
		    RUNS_FOREIGN, 1, false, true },
		{ arena_printf(arena, USAGE_HEAD "%s...\n", one), RUNS_FOREIGN,
		    1, false, true },
		{ arena_printf(arena, USAGE_HEAD "%s\n%s", one, two),
		    RUNS_FOREIGN, 2, false, false },
		{ arena_printf(arena, "schema_version: 1\nruns:\n%s  mine: x\n",
		      one),
		    RUNS_CANONICAL, 1, false, false },
		{ arena_printf(arena, "schema_version: 1\r\nruns: []\r\n"),
		    RUNS_FOREIGN, 0, false, true },
		{ arena_printf(arena, "schema_version: 1\nruns: []\n"),
		    RUNS_FOREIGN, 0, false, true },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		struct runs_survey found = survey(cases[i].text);

		cr_expect(eq(int, (int)found.shape, (int)cases[i].shape), "%s",
		    cases[i].text);
		cr_expect(eq(i64, found.last, cases[i].last), "%s",
		    cases[i].text);
		cr_expect(eq(int, found.lacks_newline, cases[i].lacks_newline));
		cr_expect(eq(int, found.root != NULL, cases[i].has_root), "%s",
		    cases[i].text);
	}
}

Test(runs_survey, reads_one_item_and_no_other_thing)
{
	struct node *stored;
	struct run run;

	cr_assert(eq(int,
	    runs_survey_read_item(&stored, &run, arena, text_of(run_text(7)),
		"f", 30, &sw.s.err),
	    0));
	cr_expect(eq(i64, run.index, 7));
	cr_expect(eq(int, stored->line, 30));
	scratch_expect(runs_survey_read_item(&stored, &run, arena,
			   TEXT("- a\n- b\n"), "f", 1, &sw.s.err),
	    &sw.s.err, ERROR_DATA, "f:1:1: expected one run");
	cr_expect(eq(int,
	    runs_survey_read_item(&stored, &run, arena, TEXT("a: 1\n"), "f", 1,
		&sw.s.err),
	    -1));
	scratch_expect(runs_survey_read_item(&stored, &run, arena,
			   TEXT("- {}\n"), "f", 5, &sw.s.err),
	    &sw.s.err, ERROR_DATA, "f:5:3: [0]: run_index is missing");
}
