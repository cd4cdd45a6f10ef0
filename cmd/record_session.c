#include <string.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"
#include "lib/store/sessions.h"

static int
start(struct session *session, struct sessions *sessions, const char *given)
{
	const struct text name = text_of(given ? given : "session");
	const char *problem = session_span_name_problem(name);

	if (problem)
		return error_set(&session->err, ERROR_USAGE,
		    "the session's name %s", problem);
	return sessions_start(sessions, &session->workspace, name,
	    &session->err);
}

static int
load(struct session *session, struct sessions *sessions)
{
	if (sessions_load(sessions, &session->workspace, &session->err) < 0)
		return -1;
	if (!sessions->span.id.data)
		return error_set(&session->err, ERROR_NO_INPUT,
		    "no session was started yet");
	return 0;
}

/* Show it as it is stored. */
static void
show(struct session *session, const struct sessions *sessions,
    const struct session_format *format)
{
	static const struct table_column columns[] = {
		{ "id", TABLE_TEXT },
		{ "started_at", TABLE_TIME },
		{ "ended_at", TABLE_TIME },
	};
	const struct node *root = sessions->root;
	const struct node *ended = node_find(root, "ended_at");
	struct table table;

	table_init(&table, &session->arena, columns,
	    sizeof(columns) / sizeof(columns[0]));
	table_row(&table);
	table_text(&table, sessions->span.id);
	table_time(&table, node_find(root, "started_at")->text);
	table_time(&table, ended ? ended->text : TEXT_NULL);
	if (sessions->span.is_open)
		table_note(&table, "it is open");
	session_show(session, format, root, &table);
}

/* The id, or what else was asked for. */
static void
answer(struct session *session, const struct sessions *sessions,
    const struct session_format *format, bool is_shown)
{
	struct text id = sessions->span.id;

	if (is_shown || format->json || format->yaml || format->csv) {
		show(session, sessions, format);
		return;
	}
	buf_add(&session->out, id.data, id.len);
	buf_putc(&session->out, '\n');
}

int
cmd_record_session(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter record session [--json|--csv|--yaml] start [NAME]\n"
	    "       meter record session [--json|--csv|--yaml] end|show";
	struct session_format format = { false };
	const struct opt options[] = {
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	struct sessions sessions = { .root = NULL };
	bool is_shown;
	int result;

	if (!session_options(session, synopsis, options, &argc, argv, 1, 2))
		return session->status;
	is_shown = strcmp(argv[0], "show") == 0;
	if (strcmp(argv[0], "start") == 0)
		result = start(session, &sessions, argv[1]);
	else if (argc == 2)
		return session_misuse(session, "only start takes a name");
	else if (strcmp(argv[0], "end") == 0)
		result =
		    sessions_end(&sessions, &session->workspace, &session->err);
	else if (is_shown)
		result = load(session, &sessions);
	else
		return session_misuse(session, "expected start, end or show");
	if (result < 0)
		return session_fail(session);
	session->has_committed = !is_shown;
	answer(session, &sessions, &format, is_shown);
	return EX_OK;
}
