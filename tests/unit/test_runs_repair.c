#include "lib/store/runs_repair.h"

#include "lib/base/file.h"
#include "lib/store/runs_survey.h"
#include "tests/unit/scratch_workspace.h"

#define USAGE BUDGET "usage.yaml"

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

TestSuite(runs_repair, .init = begin, .fini = end);

static struct runs_survey
survey(const char *text)
{
	struct runs_survey out;
	bool found;

	scratch_write(&sw.s, USAGE, text);
	cr_assert(file_open_append(&file, &sw.w.dir, RUNS_NAME, &found,
		      &sw.s.err) == 0);
	cr_assert(runs_survey(&out, &sw.w, &file, &sw.s.err) == 0, "%s",
	    sw.s.err.text);
	return out;
}

Test(runs_repair, sets_aside_what_was_torn_off)
{
	char *one = scratch_run_text(arena, 1, "r", "s");
	char *whole = arena_printf(arena, USAGE_HEAD "%s", one);
	struct runs_survey found =
	    survey(arena_printf(arena, "%s- run_in", whole));

	cr_expect(
	    eq(int, runs_repair_set_aside(&sw.w, &file, &found, &sw.s.err), 0));
	cr_expect(text_is(scratch_read(&sw.s, USAGE), whole));
	cr_expect(eq(i64, file.size, (int64_t)strlen(whole)));
	cr_expect(
	    text_is(scratch_read(&sw.s,
			arena_printf(arena, USAGE ".torn.%zu", strlen(whole))),
		"- run_in"));
}

/* Where the copy cannot be made, nothing is cut. */
Test(runs_repair, cuts_nothing_without_a_copy)
{
	char *torn = arena_printf(arena, USAGE_HEAD "- run_in");
	struct runs_survey found = survey(torn);

	cr_assert(mkdirat(sw.w.dir.fd, ".usage.yaml.torn.24.tmp", 0700) == 0);
	cr_expect(eq(int,
	    runs_repair_set_aside(&sw.w, &file, &found, &sw.s.err), -1));
	cr_expect(eq(int, (int)sw.s.err.kind, ERROR_CREATE));
	cr_expect(text_is(scratch_read(&sw.s, USAGE), torn));
	scratch_notes(&sw, "");
}

Test(runs_repair, keeps_each_file_with_comments_under_a_new_name)
{
	for (int i = 1; i <= 3; i++) {
		char *text = arena_printf(arena,
		    "# %d\nschema_version: 1\nruns: []\n", i);
		struct runs_survey found = survey(text);

		cr_expect(eq(int,
		    runs_repair_rewrite(&sw.w, &file, &found,
			TEXT("- text of the run\n"), &sw.s.err),
		    0));
		cr_expect(text_is(scratch_read(&sw.s, USAGE),
		    USAGE_HEAD "- text of the run\n"));
		cr_expect(text_is(scratch_read(&sw.s,
				      arena_printf(arena, USAGE ".orig.%d", i)),
		    text));
		file_close(&file);
	}
}

Test(runs_repair, rewrites_nothing_where_it_cannot_keep_the_comments)
{
	const char *text = "# mine\nschema_version: 1\nruns: []\n";
	struct runs_survey found = survey(text);

	cr_assert(mkdirat(sw.w.dir.fd, ".usage.yaml.orig.1.tmp", 0700) == 0);
	cr_expect(eq(int,
	    runs_repair_rewrite(&sw.w, &file, &found, TEXT("- x\n"), &sw.s.err),
	    -1));
	cr_expect(text_is(scratch_read(&sw.s, USAGE), text));
}
