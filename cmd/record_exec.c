#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/usage_options.h"
#include "lib/base/process.h"
#include "lib/core/usage.h"
#include "lib/doc/node.h"
#include "lib/store/ledger_batch.h"
#include "lib/store/ledger_commit.h"

static int64_t
monotonic_micros(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Seconds, exactly, as a number. */
static struct node *
seconds(struct arena *arena, int64_t micros)
{
	struct money exact = { (money_int)micros * 1000000000 };
	struct buf text = BUF_INIT;
	struct node *node;

	money_full(&text, exact);
	node = node_text(arena, (struct text){ text.text, text.len });
	node->type = NODE_FLOAT;
	node->verbatim = NODE_AS_JSON;
	node->number = money_double(exact);
	buf_release(&text);
	return node;
}

static struct node *
describe(struct session *session, const struct process *process,
    const char *name, int64_t wall)
{
	struct arena *arena = &session->arena;
	struct node *map = node_map(arena);
	size_t len = strlen(name);

	/* A name that is no text is left out, not guessed at. */
	if (!usage_name_problem((struct text){ name, len }))
		node_put(arena, map, "command", node_string(arena, name));
	node_put(arena, map, "wall_seconds", seconds(arena, wall));
	node_put(arena, map, "user_seconds",
	    seconds(arena, process->user_micros));
	node_put(arena, map, "system_seconds",
	    seconds(arena, process->system_micros));
	node_put(arena, map, "peak_memory_bytes",
	    node_int(arena, process->peak_bytes));
	if (process->status != 0)
		node_put(arena, map, "exit_status",
		    node_int(arena, process->status));
	if (process->signal != 0)
		node_put(arena, map, "signal",
		    node_int(arena, process->signal));
	return map;
}

/* Record what the command used. */
static int
record(struct session *session, const struct usage_options *options,
    const struct process *process, struct node *metadata)
{
	struct when_clock *clock = &session->workspace.clock;
	struct arena *arena = &session->arena;
	struct node *map = node_map(arena);
	struct ledger_batch batch;
	struct usage usage = { .attempt = 1 };
	int result;

	if (!session->workspace.root)
		return error_set(&session->err, ERROR_IO,
		    "cannot tell the current folder");
	node_put(arena, map, "metadata", metadata);
	if (!options->value[USAGE_OPTIONS_RESOURCE])
		node_put(arena, map, "resource", node_string(arena, "cpu"));
	node_put(arena, map, "amount",
	    seconds(arena, process->user_micros + process->system_micros));
	node_put(arena, map, "unit", node_string(arena, "seconds"));
	if (process->status != 0)
		node_put(arena, map, "status", node_string(arena, "error"));
	if (usage_options_read(&usage, session, options, map, "exec") < 0)
		return -1;
	ledger_batch_start(&batch, &session->workspace);
	result = ledger_batch_add(&batch, &usage, clock->read(clock->data),
	    &session->err);
	if (result == 0)
		result = ledger_commit(&batch, &session->err);
	ledger_batch_release(&batch);
	return result;
}

/* What the options say holds for what the command itself records. */
static int
set_environment(struct session *session, const struct context *context)
{
	char *name;

	for (size_t i = 0; i < CONTEXT_COUNT; i++) {
		if (!context->value[i].data)
			continue;
		name =
		    arena_printf(&session->arena, "METER_%s", context_names[i]);
		for (char *c = name; *c != '\0'; c++)
			if (*c >= 'a' && *c <= 'z')
				*c = (char)(*c - 'a' + 'A');
		if (setenv(name, context->value[i].data, 1) < 0)
			return error_errno(&session->err, ERROR_IO,
			    "cannot set %s", name);
	}
	return 0;
}

/*
 * Say, before the command has run for it, what will keep its use from being
 * recorded as things stand.  It runs all the same, and by its end that may
 * have been mended.
 */
static void
foretell(struct session *session, const struct usage_options *options)
{
	struct usage ignored = { .attempt = 1 };

	if (session->err.kind == ERROR_NONE &&
	    usage_options_read(&ignored, session, options, NULL, "exec") == 0)
		return;
	fprintf(stderr, "meter: %s\n", session->err.text);
	session->err.kind = ERROR_NONE;
}

/*
 * Refuse what is wrong with the command line.  What is wrong with files is no
 * reason for the command not to run.
 */
static int
prepare(struct session *session, const struct usage_options *options)
{
	struct context context;

	if (usage_options_check(session, options) < 0)
		return -1;
	foretell(session, options);
	/* A session that cannot be looked up is still `current` in there. */
	if (context_options_take(&context, session, &options->context) < 0 &&
	    context_options_given(&context, session, &options->context) < 0)
		return -1;
	return set_environment(session, &context);
}

static int
execute(struct session *session, const struct usage_options *options,
    char **argv)
{
	struct process process;
	struct error reason;
	int64_t start, wall;

	if (prepare(session, options) < 0)
		return session_fail(session);
	start = monotonic_micros();
	if (process_run(&process, argv, environ, &reason) < 0) {
		session->err = reason;
		session_fail(session);
		return process.status;
	}
	wall = monotonic_micros() - start;
	if (record(session, options, &process,
		describe(session, &process, argv[0], wall)) < 0)
		workspace_note(&session->workspace,
		    "what the command used is not recorded: %s",
		    session->err.text);
	session->has_committed = true;
	return process.status;
}

int
cmd_record_exec(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter record exec [--DIMENSION V]... -- COMMAND [ARGUMENT]...";
	struct usage_options given = { .metadata = NULL };
	const struct opt options[] = {
		USAGE_OPTIONS_ROWS(&given),
		OPT_END,
	};
	enum opt_result result;

	usage_options_init(&given);
	given.dimensions[USAGE_OPTIONS_RESOURCE].help =
	    "cpu (the default), llm, api or any other";
	result = opt_parse_leading(options, &session->arena, &argc, argv,
	    &session->err);
	if (result == OPT_HELP) {
		opt_usage(&session->out, synopsis, options);
		return EX_OK;
	}
	if (result == OPT_FAILED)
		return session_fail(session);
	if (argc == 0)
		return session_misuse(session, "a command is missing");
	return execute(session, &given, argv);
}
