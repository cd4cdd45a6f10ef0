#include <string.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/one_event.h"
#include "cmd/session.h"
#include "cmd/usage_options.h"
#include "lib/core/usage.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"
#include "lib/store/tasks.h"

/* What the command line says. */
struct request {
	const char *id, *status;
	bool json;
	struct usage_options usage;
	struct entry_change change;
};

/* The task of the event is the one whose status is set, and no other. */
static int
take_task(struct session *session, struct request *request)
{
	const char **task = &request->usage.context.value[CONTEXT_TASK];
	const char *name, *problem;

	request->change.id = text_of(request->id);
	entry_give(&request->change, TASK_STATUS, request->status);
	problem = entry_problem(&request->change, &task_kind, &name);
	if (!problem && request->status[0] == '\0') {
		name = "status";
		problem = "is empty";
	}
	if (problem)
		return error_set(&session->err, ERROR_USAGE,
		    "the task's %s: %s", name, problem);
	if (*task && **task != '\0' && strcmp(*task, request->id) != 0)
		return error_set(&session->err, ERROR_USAGE,
		    "the event is of the task whose status is set: --task says "
		    "otherwise");
	*task = request->id;
	return 0;
}

/* The status is of the event's time, where that is given. */
static int
take_time(struct session *session, struct request *request)
{
	const char *at = usage_options_value(&request->usage, "at");
	struct when ignored;

	if (!at)
		return 0;
	if (when_parse(&ignored, at, strlen(at)) < 0)
		return error_set(&session->err, ERROR_USAGE,
		    "--at: expected a time such as 2026-11-22T08:00:00Z");
	entry_give(&request->change, TASK_STATUS_AT, at);
	return 0;
}

/* Options that say something of an event alone. */
static int
refuse_lone(struct session *session, const struct usage_options *options)
{
	static const char *const names[] = { "id", "status", "attempt",
		"count-status", "unit" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (usage_options_value(options, names[i]))
			return error_set(&session->err, ERROR_USAGE,
			    "--%s is of an event, which is recorded with a "
			    "measure only",
			    names[i]);
	if (options->metadata)
		return error_set(&session->err, ERROR_USAGE,
		    "--metadata is of an event, which is recorded with a "
		    "measure only");
	return 0;
}

/* Print the event's id, or all that was recorded. */
static void
answer(struct session *session, const struct request *request,
    struct node *event)
{
	struct arena *arena = &session->arena;
	struct node *map = node_map(arena);

	if (request->json) {
		node_put(arena, map, "task", node_string(arena, request->id));
		node_put(arena, map, "status",
		    node_string(arena, request->status));
		node_put(arena, map, "event", event ? event : node_null(arena));
		json_write_pretty(&session->out, map);
	} else if (event) {
		one_event_print_id(session, event);
	}
}

static int
record_event(struct session *session, struct request *request)
{
	struct usage usage = { .attempt = 1 };
	struct node *event;

	if (usage_options_read(&usage, session, &request->usage, NULL, "task") <
	    0)
		return session_fail(session);
	event = one_event_record(session, &usage, &request->change);
	if (!event)
		return session_fail(session);
	answer(session, request, event);
	return EX_OK;
}

static int
record_status(struct session *session, struct request *request)
{
	if (refuse_lone(session, &request->usage) < 0 ||
	    tasks_set_status(&session->workspace, &request->change,
		&session->err) < 0)
		return session_fail(session);
	session->has_committed = true;
	answer(session, request, NULL);
	return EX_OK;
}

int
cmd_record_task(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter record task ID STATUS [--DIMENSION V]... "
	    "[--MEASURE N]...\n"
	    "       [--at T] [--id ID] [--metadata JSON] [--json]";
	struct request request = { .json = false };
	const struct opt options[] = {
		USAGE_OPTIONS_ROWS(&request.usage),
		OPT_INCLUDE(request.usage.measures),
		OPT_STRING('\0', "metadata", &request.usage.metadata, "JSON",
		    "an object with whatever else there is to say"),
		OPT_FLAG('\0', "json", &request.json,
		    "print what was recorded as JSON"),
		OPT_END,
	};

	usage_options_init(&request.usage);
	if (!session_options(session, synopsis, options, &argc, argv, 2, 2))
		return session->status;
	request.id = argv[0];
	request.status = argv[1];
	if (usage_options_expect(&request.usage, &session->err) < 0 ||
	    take_task(session, &request) < 0 ||
	    take_time(session, &request) < 0)
		return session_fail(session);
	if (usage_options_has_measure(&request.usage))
		return record_event(session, &request);
	return record_status(session, &request);
}
