/*
 * The scripts of tests/peer, tests/crash, tests/hostile and tests/lint, each
 * a test.  A script says so itself, in a comment of its first 40 lines:
 *
 *	# test: ARGUMENT...		run it so, in every `make test`
 *	# test-slow: ARGUMENT...	left out where METER_TEST_QUICK is set
 *
 * A script may carry several such lines: each is a test.  Of the arguments
 * METER becomes the program's path, ROOT the repository's, OUT the build
 * folder's, and PEER/x that of the program built from tests/peer/x.c.  With
 * METER_TEST_QUICK=1 (`make asan`, `make coverage`) a whole number of 1000 and
 * more is divided by 50, since such numbers say how many cases to try.
 *
 * A script runs in the repository's root with METER, METER_OUT and
 * METER_TEST_QUICK in its environment and little else, for 15 minutes at
 * most.  It exits 0, or prints what is wrong and exits otherwise.  Names in
 * .py go to /usr/bin/python3, names in .sh to sh.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/cli/rows.h"
#include "tests/cli/sandbox.h"

#define SCRIPTS "tests/{peer,crash,hostile,lint}/*.{py,sh}"

enum {
	HEAD_LINES = 40,
	MAX_ARGUMENTS = 32,
	MANY = 1000,
	QUICK_PART = 50,
	SHOWN = 6000, /* bytes of a failed script's output */
};

static int
is_quick(void)
{
	const char *quick = getenv("METER_TEST_QUICK");

	return quick && *quick != '\0';
}

/* The arguments of a marker line, or NULL where the line is none. */
static const char *
marker(const char *line)
{
	static const char normal[] = "# test:", slow[] = "# test-slow:";

	if (strncmp(line, normal, strlen(normal)) == 0)
		return line + strlen(normal);
	if (strncmp(line, slow, strlen(slow)) == 0 && !is_quick())
		return line + strlen(slow);
	return NULL;
}

static void
add_script(struct rows *rows, const char *path)
{
	char line[1024], row[PATH_MAX + sizeof(line)];
	FILE *file = fopen(path, "r");
	const char *arguments;

	for (int i = 0;
	     file && i < HEAD_LINES && fgets(line, sizeof(line), file); i++) {
		line[strcspn(line, "\n")] = '\0';
		arguments = marker(line);
		if (!arguments)
			continue;
		snprintf(row, sizeof(row), "%s %s", path, arguments);
		rows_add(rows, row);
	}
	if (file)
		fclose(file);
}

ParameterizedTestParameters(scripts, pass)
{
	struct rows rows = { NULL, 0 };
	glob_t found;

	if (glob(SCRIPTS, GLOB_BRACE, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			add_script(&rows, found.gl_pathv[i]);
		globfree(&found);
	}
	return rows_params(&rows);
}

/* Write into out what the script's argument word stands for. */
static void
expand(char *out, const char *word)
{
	char root[PATH_MAX / 2];
	long count = strspn(word, "0123456789") == strlen(word)
			 ? strtol(word, NULL, 10)
			 : 0;

	cr_assert(getcwd(root, sizeof(root)) != NULL);
	if (strcmp(word, "METER") == 0)
		snprintf(out, PATH_MAX, "%s", getenv("METER"));
	else if (strcmp(word, "OUT") == 0)
		snprintf(out, PATH_MAX, "%s", getenv("METER_OUT"));
	else if (strcmp(word, "ROOT") == 0)
		snprintf(out, PATH_MAX, "%s", root);
	else if (strncmp(word, "PEER/", 5) == 0)
		snprintf(out, PATH_MAX, "%s/peer/%s", getenv("METER_OUT"),
		    word + 5);
	else if (count >= MANY && is_quick())
		snprintf(out, PATH_MAX, "%ld", count / QUICK_PART);
	else
		snprintf(out, PATH_MAX, "%s", word);
}

/* Set a variable for the script to what it is here. */
static char *
pass_on(char *out, const char *name)
{
	const char *value = getenv(name);

	snprintf(out, PATH_MAX, "%s=%s", name, value ? value : "");
	return out;
}

/* Run the script; timeout(1) ends it with all that it has started. */
static int
run_script(char *command, const char *output)
{
	static char words[MAX_ARGUMENTS][PATH_MAX], variables[3][PATH_MAX];
	const char *argv[MAX_ARGUMENTS + 6] = { "/usr/bin/timeout", "-k", "5",
		"900" };
	const char *environment[] = { "PATH=/usr/bin:/bin", "HOME=/nonexistent",
		"PYTHONDONTWRITEBYTECODE=1", "LC_ALL=C.UTF-8",
		pass_on(variables[0], "METER"),
		pass_on(variables[1], "METER_OUT"),
		pass_on(variables[2], "METER_TEST_QUICK"), NULL };
	char *rest = command, *word, *path = strsep(&rest, " ");
	int count = 0, argc = 4;

	argv[argc++] = strstr(path, ".py") ? "/usr/bin/python3" : "/bin/sh";
	argv[argc++] = path;
	while ((word = strsep(&rest, " ")) && count < MAX_ARGUMENTS) {
		/* A marker may begin with the script's own name. */
		if (*word == '\0' ||
		    (count == 0 && strcmp(word, strrchr(path, '/') + 1) == 0))
			continue;
		expand(words[count], word);
		argv[argc++] = words[count++];
	}
	argv[argc] = NULL;
	return sandbox_spawn(argv, environment, ".", output, output);
}

ParameterizedTest(struct row *row, scripts, pass, .timeout = 1000)
{
	struct buf output = BUF_INIT;
	struct sandbox sandbox;
	char path[PATH_MAX], command[PATH_MAX];
	int status;

	sandbox_open(&sandbox);
	snprintf(path, sizeof(path), "%s/out", sandbox.root);
	snprintf(command, sizeof(command), "%s", row->text);
	status = run_script(command, path);
	cr_assert(sandbox_read(&output, path) == 0);
	sandbox_close(&sandbox);
	cr_assert(eq(int, status, 0), "%s: exit %d\n%s", row->text, status,
	    output.text + (output.len > SHOWN ? output.len - SHOWN : 0));
	buf_release(&output);
}
