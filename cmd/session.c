#include "cmd/session.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/number.h"
#include "lib/core/rates.h"
#include "lib/core/rates_table.h"
#include "lib/doc/doc.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"
#include "lib/doc/yaml_write.h"
#include "lib/render/csv.h"
#include "lib/render/table.h"
#include "lib/store/settings.h"

#define MAX_DOCUMENT ((size_t)64 * 1024 * 1024)

enum {
	LOCK_SECONDS = 30,
	WARNINGS_SHOWN = 10, /* of a rate table */
};

const char *const session_csv_forms[] = { "raw", NULL };

static struct when
read_clock(void *data)
{
	struct timespec now;
	struct when when;

	(void)data;
	clock_gettime(CLOCK_REALTIME, &now);
	when.micros = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
	return when;
}

static struct when
read_fixed_clock(void *data)
{
	return *(struct when *)data;
}

static int
init_clock(struct session *session)
{
	const char *fixed = getenv("METER_NOW");
	struct when *now;

	session->workspace.clock.read = read_clock;
	if (!fixed || *fixed == '\0')
		return 0;
	now = arena_alloc(&session->arena, sizeof(*now));
	if (when_parse(now, fixed, strlen(fixed)) < 0)
		return error_set(&session->err, ERROR_USAGE,
		    "METER_NOW: expected a time such as "
		    "2026-11-22T08:00:00Z");
	session->workspace.clock.read = read_fixed_clock;
	session->workspace.clock.data = now;
	return 0;
}

static int
init_lock_timeout(struct session *session)
{
	const char *text = getenv("METER_LOCK_TIMEOUT");
	int64_t seconds = LOCK_SECONDS;

	if (text && *text != '\0' &&
	    (number_parse_count(&seconds, text, strlen(text)) < 0 ||
		seconds > INT_MAX))
		return error_set(&session->err, ERROR_USAGE,
		    "METER_LOCK_TIMEOUT: expected a number of seconds");
	session->workspace.lock_seconds = (int)seconds;
	return 0;
}

/* METER_TASK, METER_AGENT …: empty is unset. */
static int
init_context(struct session *session)
{
	char name[32];
	const char *value;

	for (size_t i = 0; i < CONTEXT_COUNT; i++) {
		snprintf(name, sizeof(name), "METER_%s", context_names[i]);
		for (char *c = name; *c != '\0'; c++)
			*c = (char)toupper((unsigned char)*c);
		value = getenv(name);
		if (!value || *value == '\0')
			continue;
		if (utf8_valid(value, strlen(value)) < strlen(value))
			return error_set(&session->err, ERROR_USAGE,
			    "%s: is not valid UTF-8", name);
		session->context.value[i] = text_of(value);
	}
	return 0;
}

static void
init_terminal(struct session *session)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale = NULL, *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	bool is_terminal = isatty(STDOUT_FILENO);

	for (size_t i = 0; i < 3 && (!locale || *locale == '\0'); i++)
		locale = getenv(names[i]);
	session->terminal.screen = UTF8_ASCII;
	if (is_terminal && locale &&
	    (strcasestr(locale, "utf-8") || strcasestr(locale, "utf8")))
		session->terminal.screen = UTF8_PRINTABLE;
	session->terminal.has_colour = is_terminal &&
				       (!no_colour || *no_colour == '\0') &&
				       (!term || strcmp(term, "dumb") != 0);
}

int
session_init(struct session *session)
{
	*session = (struct session){ .out = BUF_INIT,
		.notes = BUF_INIT,
		.command = "meter" };
	session->workspace.dir = (struct dir)DIR_NONE;
	session->workspace.lock = (struct lock)LOCK_NONE;
	session->workspace.arena = &session->arena;
	session->workspace.notes = &session->notes;
	init_terminal(session);
	if (init_clock(session) < 0 || init_lock_timeout(session) < 0)
		return -1;
	return init_context(session);
}

static bool
is_there(const char *root, const char *name)
{
	char path[PATH_MAX + 32];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s",
	    strcmp(root, "/") == 0 ? "" : root, name);
	return stat(path, &st) == 0;
}

/* Cut root to the nearest folder upwards that is a workspace. */
static bool
find_root(char *root)
{
	char *slash;

	for (;;) {
		if (is_there(root, "output/budget") ||
		    is_there(root, "meter.yaml"))
			return true;
		slash = strrchr(root, '/');
		if (!slash || root[1] == '\0')
			return false;
		slash[slash == root ? 1 : 0] = '\0';
	}
}

int
session_open_workspace(struct session *session, const char *dir)
{
	struct workspace *workspace = &session->workspace;
	char here[PATH_MAX], root[PATH_MAX];

	if (!getcwd(here, sizeof(here)))
		return error_errno(&session->err, ERROR_IO,
		    "cannot tell the current folder");
	memcpy(root, here, sizeof(root));
	if (dir || !find_root(root))
		memcpy(root, here, sizeof(root));
	workspace->root = arena_copy(&session->arena, root, strlen(root));
	workspace->path =
	    strcmp(root, here) == 0
		? "output/budget"
		: arena_printf(&session->arena, "%s/output/budget", root);
	return workspace_open(workspace, &session->err);
}

void
session_release(struct session *session)
{
	workspace_close(&session->workspace);
	buf_release(&session->out);
	buf_release(&session->notes);
	arena_release(&session->arena);
}

bool
session_options(struct session *session, const char *synopsis,
    const struct opt *options, int *argc, char **argv, int min, int max)
{
	enum opt_result result;

	result = opt_parse(options, &session->arena, argc, argv, &session->err);
	if (result == OPT_HELP) {
		opt_usage(&session->out, synopsis, options);
		session->status = EX_OK;
		return false;
	}
	if (result == OPT_FAILED ||
	    opt_operands(*argc, argv, min, max, &session->err) < 0) {
		session->status = session_fail(session);
		return false;
	}
	return true;
}

int
session_rates(struct session *session, struct rates **out)
{
	const struct rates_problem *problem;
	int shown = 0;

	if (settings_rates(out, &session->arena, session->workspace.root,
		&session->err) < 0)
		return -1;
	problem = rates_problems(*out)->first;
	for (; problem && shown < WARNINGS_SHOWN; shown++) {
		workspace_note(&session->workspace, "%s", problem->text);
		problem = problem->next;
	}
	if (problem)
		workspace_note(&session->workspace,
		    "'meter rates check' says what else is odd there");
	return 0;
}

static int
status_of(enum error_kind kind)
{
	switch (kind) {
	case ERROR_NONE:
		break;
	case ERROR_USAGE:
		return EX_USAGE;
	case ERROR_DATA:
		return EX_DATAERR;
	case ERROR_NO_INPUT:
		return EX_NOINPUT;
	case ERROR_CREATE:
		return EX_CANTCREAT;
	case ERROR_IO:
		return EX_IOERR;
	case ERROR_BUSY:
		return EX_TEMPFAIL;
	case ERROR_CONFIG:
		return EX_CONFIG;
	}
	return EX_SOFTWARE;
}

int
session_fail(struct session *session)
{
	fputs(session->notes.text, stderr);
	buf_reset(&session->notes);
	fprintf(stderr, "meter: %s\n", session->err.text);
	if (session->err.kind == ERROR_USAGE)
		fprintf(stderr, "try '%s -h'\n", session->command);
	buf_reset(&session->out);
	return status_of(session->err.kind);
}

int
session_misuse(struct session *session, const char *reason)
{
	error_set(&session->err, ERROR_USAGE, "%s", reason);
	return session_fail(session);
}

void
session_show(struct session *session, const struct session_format *format,
    const struct node *document, const struct table *table)
{
	if (format->json && format->in_lines) {
		json_write_line(&session->out, document);
		buf_putc(&session->out, '\n');
	} else if (format->json) {
		json_write_pretty(&session->out, document);
	} else if (format->yaml) {
		yaml_write(&session->out, document);
	} else if (format->csv) {
		csv_table(&session->out, table, format->csv[0] == '\0');
	} else {
		terminal_table(&session->out, table, &session->terminal);
	}
}

/* Read an input file as text, with the name that messages are to say. */
static int
read_input(struct session *session, struct text *text, const char **name,
    const char *file)
{
	struct buf data = BUF_INIT;
	int result;

	*name = file && strcmp(file, "-") != 0 ? file : "standard input";
	result = file_read_input(&data, file ? file : "-", MAX_DOCUMENT,
	    &session->err);
	if (result == 0) {
		text->data = arena_copy(&session->arena, data.text, data.len);
		text->len = data.len;
	}
	buf_release(&data);
	return result;
}

int
session_read_document(struct session *session, struct node **out,
    const char *file)
{
	const char *name;
	struct text text = TEXT_NULL;

	if (read_input(session, &text, &name, file) < 0)
		return -1;
	return doc_read(out, &session->arena, text, name, &session->err);
}

int
session_read_rows(struct session *session, struct node **out,
    struct node **header, const char *file)
{
	const char *name;
	struct text text = TEXT_NULL;

	if (read_input(session, &text, &name, file) < 0)
		return -1;
	return doc_read_rows(out, header, &session->arena, text, name,
	    &session->err);
}
