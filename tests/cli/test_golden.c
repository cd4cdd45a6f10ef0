/*
 * Every folder of testdata/golden is a history of commands and the files that
 * it must leave behind, byte for byte (testdata/golden/README.md).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "tests/cli/rows.h"
#include "tests/cli/sandbox.h"

/* Copy the folder's inputs, which stand beside its `steps`. */
static void
take_inputs(const struct sandbox *sandbox, const char *folder)
{
	char pattern[PATH_MAX], path[PATH_MAX];
	struct buf data = BUF_INIT;
	const char *name;
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/*.*", folder);
	cr_assert(glob(pattern, 0, NULL, &found) == 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		name = strrchr(found.gl_pathv[i], '/');
		snprintf(path, sizeof(path), "%s%s", sandbox->work, name);
		buf_reset(&data);
		cr_assert(sandbox_read(&data, found.gl_pathv[i]) == 0);
		sandbox_write(path, data.text, data.len);
	}
	globfree(&found);
	buf_release(&data);
}

/* Run a step; to the shell its `# prints ID` is a comment. */
static void
run_step(const struct sandbox *sandbox, const char *step)
{
	const char *prints = strstr(step, "# prints ");
	struct sandbox_result result;
	char wanted[64];

	sandbox_run(&result, sandbox, step);
	cr_assert(result.status == 0, "%s: exit %d: %s", step, result.status,
	    result.err.text);
	if (prints) {
		snprintf(wanted, sizeof(wanted), "%s\n",
		    prints + strlen("# prints "));
		cr_expect(eq(str, result.out.text, wanted), "%s", step);
	}
	sandbox_forget(&result);
}

static void
run_steps(const struct sandbox *sandbox, const char *folder)
{
	struct buf steps = BUF_INIT;
	char path[PATH_MAX], *rest, *step;
	int count = 0;

	snprintf(path, sizeof(path), "%s/steps", folder);
	cr_assert(sandbox_read(&steps, path) == 0, "%s", path);
	for (rest = steps.text; (step = strsep(&rest, "\n"));) {
		if (*step == '\0')
			continue;
		run_step(sandbox, step);
		count++;
	}
	cr_assert(gt(int, count, 0), "%s has no step", path);
	buf_release(&steps);
}

static void
compare_file(const struct sandbox *sandbox, const char *path)
{
	struct buf wanted = BUF_INIT, got = BUF_INIT;
	char mine[PATH_MAX];

	snprintf(mine, sizeof(mine), "%s/output/budget%s", sandbox->work,
	    strrchr(path, '/'));
	cr_assert(sandbox_read(&wanted, path) == 0);
	cr_expect(sandbox_read(&got, mine) == 0, "%s is not written", path);
	cr_expect(eq(str, got.text, wanted.text), "%s", path);
	cr_expect(got.len == wanted.len, "%s: %zu bytes, not %zu", path,
	    got.len, wanted.len);
	buf_release(&wanted);
	buf_release(&got);
}

/* The files expected, and no other beside the lock. */
static void
compare_files(const struct sandbox *sandbox, const char *folder)
{
	char pattern[PATH_MAX];
	glob_t found, made;

	snprintf(pattern, sizeof(pattern), "%s/expect/*", folder);
	cr_assert(glob(pattern, 0, NULL, &found) == 0, "%s", pattern);
	for (size_t i = 0; i < found.gl_pathc; i++)
		compare_file(sandbox, found.gl_pathv[i]);
	snprintf(pattern, sizeof(pattern), "%s/output/budget/*", sandbox->work);
	cr_assert(glob(pattern, 0, NULL, &made) == 0);
	cr_expect(eq(sz, made.gl_pathc, found.gl_pathc), "%s", folder);
	globfree(&found);
	globfree(&made);
}

ParameterizedTestParameters(golden, leaves_the_expected_bytes)
{
	return rows_of_paths("testdata/golden/*/");
}

ParameterizedTest(struct row *row, golden, leaves_the_expected_bytes,
    .timeout = 120)
{
	struct sandbox sandbox;

	row->text[strlen(row->text) - 1] = '\0';
	sandbox_open(&sandbox);
	take_inputs(&sandbox, row->text);
	run_steps(&sandbox, row->text);
	compare_files(&sandbox, row->text);
	sandbox_close(&sandbox);
}
