#include "cmd/usage_follow.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/screen.h"
#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "lib/base/file.h"
#include "lib/store/records_follow.h"

/* A question as it is followed. */
struct watching {
	const struct usage_follow *question;
	struct session *session;
	struct records_follow records;
	struct screen screen;
	struct when start;
	bool has_failed; /* there is no answer but session->err */
	size_t notes_len; /* of those of the reading as a whole */
	struct buf last; /* the answer before */
	struct buf said; /* on standard error */
	int signal; /* that ended it */
};

/* Periods that end now do not move on: they are those of the start. */
static struct when
read_start(void *data)
{
	return *(const struct when *)data;
}

static void
stop_clock(struct watching *watching)
{
	struct when_clock *clock = &watching->session->workspace.clock;

	watching->start = clock->read(clock->data);
	clock->read = read_start;
	clock->data = &watching->start;
}

/* Open the workspace's folder, which may be another one than before. */
static int
open_again(struct session *session)
{
	struct workspace *workspace = &session->workspace;

	dir_close(&workspace->dir);
	/* Where the root is not there, nothing in it is. */
	if (chdir(workspace->root) < 0 && errno != ENOENT)
		return error_errno(&session->err, ERROR_IO,
		    "cannot go back to the workspace");
	return workspace_open(workspace, &session->err);
}

/* Read everything.  -1 only where there is no going on. */
static int
ask(struct watching *watching)
{
	const struct usage_follow *question = watching->question;
	struct session *session = watching->session;
	int result;

	arena_release(&session->arena);
	buf_reset(&session->notes);
	result = open_again(session);
	if (result == 0)
		result = usage_filter_take(question->filter, session);
	if (records_follow_begin(&watching->records,
		&question->filter->question, question->has_runs,
		&session->err) < 0)
		return -1;
	if (result == 0)
		result = question->ask(session, question->data);
	watching->has_failed = result < 0;
	watching->notes_len = session->notes.len;
	return records_follow_begun(&watching->records, result < 0,
	    &session->err);
}

/*
 * Put the answer into the session's output.  Nothing that this takes stays:
 * what it takes from the session's arena comes from another one.
 */
static int
answer(struct watching *watching, struct usage_follow_view *view)
{
	struct session *session = watching->session;
	struct arena kept = session->arena;
	int result = -1;

	session->arena = (struct arena)ARENA_INIT;
	buf_reset(&session->out);
	buf_truncate(&session->notes, watching->notes_len);
	if (!watching->has_failed)
		result = watching->question->show(session,
		    watching->question->data, view);
	arena_release(&session->arena);
	session->arena = kept;
	return result;
}

static size_t
count_lines(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

/* Show the answer, or what there is instead, in the panel. */
static int
draw(struct watching *watching)
{
	struct usage_follow_view view = { watching->screen.size.rows, 0 };
	struct session *session = watching->session;
	struct buf *out = &session->out;

	if (answer(watching, &view) < 0) {
		buf_reset(out);
		buf_printf(out, "meter: %s\n", session->err.text);
	}
	buf_add(out, session->notes.text, session->notes.len);
	return screen_draw(&watching->screen, out->text,
	    view.tail + count_lines(session->notes.text));
}

/* Say on standard error what is not said already. */
static void
say(struct watching *watching, bool has_failed)
{
	struct session *session = watching->session;
	struct buf text = BUF_INIT;

	buf_add(&text, session->notes.text, session->notes.len);
	if (has_failed)
		buf_printf(&text, "meter: %s\n", session->err.text);
	if (strcmp(text.text, watching->said.text) != 0)
		fputs(text.text, stderr);
	buf_release(&watching->said);
	watching->said = text;
}

/* Print the answer, where it is another one. */
static int
print(struct watching *watching)
{
	struct usage_follow_view view = { 0, 0 };
	struct session *session = watching->session;
	struct buf *out = &session->out, *last = &watching->last;
	bool has_failed = answer(watching, &view) < 0;
	int result = 0;

	say(watching, has_failed);
	if (has_failed || strcmp(out->text, last->text) == 0)
		return 0;
	if (last->len > 0 && !watching->question->format->json)
		result = file_write_all(STDOUT_FILENO, TEXT("\n"));
	if (result == 0)
		result = file_write_all(STDOUT_FILENO,
		    (struct text){ out->text, out->len });
	buf_reset(last);
	buf_add(last, out->text, out->len);
	return result;
}

/* Show the answer.  *ended is set where nobody looks any more. */
static int
show(struct watching *watching, bool *ended)
{
	int result =
	    watching->screen.is_panel ? draw(watching) : print(watching);

	if (result == 0)
		return 0;
	/* A terminal that is gone is an input/output error. */
	*ended = errno == EPIPE || (errno == EIO && watching->screen.is_panel);
	if (errno == EPIPE)
		watching->signal = SIGPIPE;
	if (*ended)
		return 0;
	return error_errno(&watching->session->err, ERROR_IO,
	    "cannot write the output");
}

/* Wait until there is something to show. */
static int
wait_for_news(struct watching *watching, bool *ended)
{
	const struct usage_follow *question = watching->question;
	enum screen_event event = SCREEN_READABLE;
	enum records_news news;

	do {
		if (records_follow_update(&news, &watching->records,
			question->add, question->data,
			&watching->session->err) < 0)
			return -1;
		if (news == RECORDS_SAME)
			event = screen_wait(&watching->screen,
			    records_follow_fd(&watching->records),
			    &watching->signal);
	} while (news == RECORDS_SAME && event == SCREEN_READABLE);
	*ended = event == SCREEN_ENDED;
	return news == RECORDS_OTHER ? ask(watching) : 0;
}

static int
watch_on(struct watching *watching)
{
	bool ended = false;

	while (!ended) {
		if (show(watching, &ended) < 0)
			return -1;
		if (!ended && wait_for_news(watching, &ended) < 0)
			return -1;
	}
	return 0;
}

/* What is wrong with the question itself will not be mended in a file. */
static bool
is_hopeless(const struct watching *watching)
{
	enum error_kind kind = watching->session->err.kind;

	return watching->has_failed &&
	       (kind == ERROR_USAGE || kind == ERROR_CONFIG);
}

static int
begin(struct watching *watching)
{
	struct session *session = watching->session;
	const char *term = getenv("TERM");
	bool is_panel = !watching->question->format->json &&
			isatty(STDOUT_FILENO) &&
			(!term || strcmp(term, "dumb") != 0);

	if (records_follow_open(&watching->records, &session->workspace,
		&session->err) < 0 ||
	    ask(watching) < 0 || is_hopeless(watching))
		return -1;
	return screen_open(&watching->screen, is_panel, &session->err);
}

int
usage_follow(struct usage_follow *question)
{
	struct session *session = question->session;
	struct watching watching = { .question = question,
		.session = session,
		.screen = SCREEN_NONE,
		.last = BUF_INIT,
		.said = BUF_INIT };
	struct arena kept = session->arena;
	int result;

	if (question->format->csv || question->format->yaml)
		return session_misuse(session,
		    "--follow shows a table or, with --json, lines of JSON");
	session->arena = (struct arena)ARENA_INIT;
	stop_clock(&watching);
	result = begin(&watching);
	if (result == 0)
		result = watch_on(&watching);
	screen_close(&watching.screen);
	records_follow_close(&watching.records);
	arena_release(&session->arena);
	session->arena = kept;
	buf_release(&watching.last);
	buf_release(&watching.said);
	buf_reset(&session->out);
	if (result < 0)
		return session_fail(session);
	buf_reset(&session->notes);
	if (watching.signal != 0) {
		signal(watching.signal, SIG_DFL);
		raise(watching.signal);
	}
	return EX_OK;
}
