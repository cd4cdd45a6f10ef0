/*
 * The commands, from the outside.  testdata/cli/COMMAND-CASE.test is a story
 * in a fresh folder (tests/cli/sandbox.h), told in blocks that end with `end`:
 *
 *	use NAME		not a block: copy testdata/cli/data/NAME here
 *	file NAME		a file to make, with the lines that follow
 *	test COMMAND		run COMMAND with sh(1) and expect the lines
 *				that follow on standard output, those after a
 *				line `stderr` there, and after `exit N` that
 *				status (0 where it is not said)
 *
 * All else is a comment.  A line of text that would read as `end`, `stderr`
 * or `exit`, or that begins with a backslash, has a backslash before it; text
 * whose last line has no newline is followed by `\-`.  The folder's name is
 * written SANDBOX.
 *
 * A story is told again as it now happens, and must come out as it stands in
 * the file.  METER_REWRITE=1 writes the files anew: look at the difference.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cli/rows.h"
#include "tests/cli/sandbox.h"

/* What is left to read of a story, and what has been told again. */
struct story {
	struct sandbox sandbox;
	char *rest;
	struct buf told;
	int count; /* of its tests */
};

static bool
starts(const char *line, const char *word)
{
	return strncmp(line, word, strlen(word)) == 0;
}

static bool
needs_escape(const char *line)
{
	return *line == '\\' || starts(line, "exit ") ||
	       strcmp(line, "end") == 0 || strcmp(line, "stderr") == 0;
}

/* Add what a command wrote, in the form of the file. */
static void
tell_text(struct buf *out, const char *text)
{
	char *copy = strdup(text), *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		if (!rest && *line == '\0')
			break;
		buf_printf(out, "%s%s\n", needs_escape(line) ? "\\" : "", line);
		if (!rest)
			buf_puts(out, "\\-\n");
	}
	free(copy);
}

/* The folder's name differs each time. */
static void
hide_folder(struct buf *text, const struct sandbox *sandbox)
{
	struct buf hidden = BUF_INIT;
	const char *at = text->text, *found;

	while ((found = strstr(at, sandbox->root))) {
		buf_add(&hidden, at, (size_t)(found - at));
		buf_puts(&hidden, "SANDBOX");
		at = found + strlen(sandbox->root);
	}
	buf_puts(&hidden, at);
	buf_release(text);
	*text = hidden;
}

/* The next line of a block, NULL at its end. */
static char *
block_line(struct story *story)
{
	char *line = strsep(&story->rest, "\n");

	cr_assert(line != NULL, "a block has no end");
	return strcmp(line, "end") == 0 ? NULL : line;
}

static void
make_file(struct story *story, const char *name)
{
	struct buf data = BUF_INIT;
	char path[PATH_MAX], *line;

	while ((line = block_line(story))) {
		buf_printf(&story->told, "%s\n", line);
		if (strcmp(line, "\\-") == 0 && data.len > 0)
			data.text[--data.len] = '\0';
		else
			buf_printf(&data, "%s\n", line + (*line == '\\'));
	}
	buf_puts(&story->told, "end\n");
	snprintf(path, sizeof(path), "%s/%s", story->sandbox.work, name);
	sandbox_write(path, data.text, data.len);
	buf_release(&data);
}

static void
use_file(const struct story *story, const char *name)
{
	char path[PATH_MAX];
	struct buf data = BUF_INIT;

	snprintf(path, sizeof(path), "testdata/cli/data/%s", name);
	cr_assert(sandbox_read(&data, path) == 0, "%s", path);
	snprintf(path, sizeof(path), "%s/%s", story->sandbox.work, name);
	sandbox_write(path, data.text, data.len);
	buf_release(&data);
}

static void
run_test(struct story *story, const char *command)
{
	struct sandbox_result result;
	struct buf *told = &story->told;

	while (block_line(story))
		;
	sandbox_run(&result, &story->sandbox, command);
	hide_folder(&result.out, &story->sandbox);
	hide_folder(&result.err, &story->sandbox);
	tell_text(told, result.out.text);
	if (result.err.len > 0)
		buf_puts(told, "stderr\n");
	tell_text(told, result.err.text);
	if (result.status != 0)
		buf_printf(told, "exit %d\n", result.status);
	buf_puts(told, "end\n");
	sandbox_forget(&result);
	story->count++;
}

static void
tell(struct story *story)
{
	char *line;

	while ((line = strsep(&story->rest, "\n"))) {
		if (!story->rest && *line == '\0')
			break;
		buf_printf(&story->told, "%s\n", line);
		if (starts(line, "use "))
			use_file(story, line + strlen("use "));
		else if (starts(line, "file "))
			make_file(story, line + strlen("file "));
		else if (starts(line, "test "))
			run_test(story, line + strlen("test "));
	}
}

/* What the story says in the file, and what happened, line by line. */
static void
show_difference(struct story *story, const char *path, struct buf *difference)
{
	char told[PATH_MAX], out[PATH_MAX];
	const char *const argv[] = { "/usr/bin/diff", "-u", path, told, NULL };
	const char *const environment[] = { NULL };

	snprintf(told, sizeof(told), "%s/told", story->sandbox.root);
	snprintf(out, sizeof(out), "%s/difference", story->sandbox.root);
	sandbox_write(told, story->told.text, story->told.len);
	sandbox_spawn(argv, environment, ".", out, out);
	cr_assert(sandbox_read(difference, out) == 0);
}

ParameterizedTestParameters(commands, do_as_told)
{
	return rows_of_paths("testdata/cli/*.test");
}

ParameterizedTest(struct row *row, commands, do_as_told, .timeout = 300)
{
	struct buf written = BUF_INIT, difference = BUF_INIT;
	struct story story = { .told = BUF_INIT };
	const char *path = row->text;
	char *copy;
	bool same;

	cr_assert(sandbox_read(&written, path) == 0, "%s", path);
	copy = strdup(written.text);
	story.rest = copy;
	sandbox_open(&story.sandbox);
	tell(&story);
	same = strcmp(story.told.text, written.text) == 0;
	if (!same && getenv("METER_REWRITE"))
		sandbox_write(path, story.told.text, story.told.len);
	else if (!same)
		show_difference(&story, path, &difference);
	sandbox_close(&story.sandbox);
	cr_expect(difference.len == 0, "%s", difference.text);
	cr_expect(gt(int, story.count, 0), "%s tests nothing", path);
	buf_release(&written);
	buf_release(&difference);
	buf_release(&story.told);
	free(copy);
}
