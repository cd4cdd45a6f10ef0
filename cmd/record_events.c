#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/context_options.h"
#include "cmd/recording.h"
#include "cmd/session.h"
#include "lib/base/dir.h"
#include "lib/base/file.h"
#include "lib/base/utf8.h"
#include "lib/core/rates.h"
#include "lib/core/usage.h"
#include "lib/core/usage_node.h"
#include "lib/core/usage_read.h"
#include "lib/doc/json_stream.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"
#include "lib/store/ledger_batch.h"
#include "lib/store/ledger_commit.h"
#include "lib/store/ledger_row.h"
#include "lib/store/settings.h"

#define OUTPUT_CHUNK ((size_t)64 * 1024)

enum {
	ARENA_RECORDS = 64, /* whose memory is released at once */
};

/* What the command line says, and what is under way. */
struct events {
	struct session *session;
	bool each, lenient, json;
	struct context context;
	struct recording recording;
	struct arena loaded; /* what that holds */
	struct usage_read how;
	struct json_stream stream;
	struct ledger_batch batch;
	struct ledger_row_reader reader;
	struct arena arena; /* for the objects read of late */
	size_t read; /* objects in all */
	struct buf row;
	size_t printed; /* objects of a JSON array */
	bool is_deaf; /* what is printed cannot be written */
	bool is_left; /* who read it went away */
};

/*
 * Write what there is to say before there is too much of it.  What cannot be
 * written stays, for the end to complain of.
 */
static void
flush_output(struct events *events, size_t most)
{
	struct buf *out = &events->session->out;

	if (events->is_deaf || out->len <= most)
		return;
	if (file_write_all(STDOUT_FILENO,
		(struct text){ out->text, out->len }) == 0) {
		buf_reset(out);
		return;
	}
	events->is_left = errno == EPIPE;
	events->is_deaf = true;
}

static struct when
now(const struct events *events)
{
	const struct when_clock *clock = &events->session->workspace.clock;

	return clock->read(clock->data);
}

/*
 * Look what session is open: for all records of a batch as it begins, and for
 * each that is answered one by one, since meanwhile another may have started.
 */
static int
refresh(struct events *events)
{
	struct workspace view = events->session->workspace;

	if (events->read > 0 && !events->each)
		return 0;
	arena_release(&events->loaded);
	view.arena = &events->loaded;
	return recording_load(&events->recording, &view, &events->session->err);
}

/* Read the next record into the batch; *found is false at the end. */
static int
add_next(struct events *events, bool *found)
{
	struct error *err = &events->session->err;
	struct arena *arena = &events->arena;
	struct node *object;
	struct usage usage;
	struct error reason = { .kind = ERROR_NONE };
	int result;

	if (events->read % ARENA_RECORDS == 0)
		arena_release(arena);
	result = json_stream_next(&object, &events->stream, arena, err);
	*found = result == 0 && object;
	if (*found)
		result = refresh(events);
	events->read++;
	if (*found && result == 0) {
		events->how.now = now(events);
		result = usage_read(&usage, arena, object, &events->how, err);
		if (result == 0)
			result = ledger_batch_add(&events->batch, &usage,
			    events->how.now, &reason);
		if (result < 0 && reason.kind == ERROR_DATA)
			node_error(err, object, "%s", reason.text);
		else if (result < 0 && reason.kind != ERROR_NONE)
			*err = reason;
	}
	return result;
}

/* Print a record as an object on a line, within an array but for --each. */
static void
print_json(struct events *events, const struct usage *usage)
{
	struct buf *out = &events->session->out;
	struct arena arena = ARENA_INIT;

	if (!events->each)
		buf_puts(out, events->printed++ > 0 ? ",\n  " : "[\n  ");
	json_write_line(out, usage_node(&arena, usage));
	if (events->each)
		buf_putc(out, '\n');
	arena_release(&arena);
}

/* Answer for one record of the batch. */
static int
print_entry(struct events *events, size_t index)
{
	struct session *session = events->session;
	struct usage usage;

	buf_reset(&events->row);
	if (ledger_batch_row(&events->row, &events->batch, index,
		&session->err) < 0 ||
	    ledger_row_read(&usage, &events->reader,
		(struct text){ events->row.text, events->row.len - 1 },
		&session->err) < 0)
		return -1;
	if (events->json) {
		print_json(events, &usage);
		return 0;
	}
	buf_puts(&session->out,
	    events->batch.entries[index].is_known ? "known " : "new ");
	buf_add(&session->out, usage.id.data, usage.id.len);
	buf_putc(&session->out, '\n');
	return 0;
}

/* Answer for each record of the batch, in the order in which they came. */
static int
print_batch(struct events *events)
{
	int result = 0;

	for (size_t i = 0; i < events->batch.count && result == 0; i++) {
		if (events->is_deaf ||
		    (events->json && events->batch.entries[i].is_known &&
			!events->each))
			continue;
		result = print_entry(events, i);
		flush_output(events, OUTPUT_CHUNK);
	}
	if (result == 0 && events->json && !events->each)
		buf_puts(&events->session->out,
		    events->printed > 0 ? "\n]\n" : "[]\n");
	return result;
}

static int
commit(struct events *events)
{
	struct session *session = events->session;

	if (ledger_commit(&events->batch, &session->err) < 0)
		return -1;
	session->has_committed = true;
	if (print_batch(events) < 0)
		workspace_note(&session->workspace,
		    "the events are recorded, but: %s", session->err.text);
	return 0;
}

/* Record all that there is, or nothing. */
static int
record_all(struct events *events)
{
	bool found;

	do
		if (add_next(events, &found) < 0)
			return -1;
	while (found);
	return commit(events);
}

/* Record and answer one by one. */
static int
record_each(struct events *events)
{
	bool found = true;

	while (found && !events->is_left) {
		if (add_next(events, &found) < 0)
			return -1;
		if (found && commit(events) < 0)
			return -1;
		ledger_batch_reset(&events->batch);
		flush_output(events, 0);
	}
	return 0;
}

/* Name the models that nothing prices. */
static void
note_unpriced(struct events *events)
{
	const struct text *models;
	struct buf shown = BUF_INIT;
	size_t count;

	models = rates_unpriced(events->how.rates, &count);
	if (count > 0) {
		utf8_escape(&shown, models[0].data, models[0].len, UTF8_ASCII,
		    60);
		workspace_note(&events->session->workspace,
		    "no price is known for '%s'%s: its calls count "
		    "as 0",
		    shown.text, count > 1 ? " and other models" : "");
	}
	buf_release(&shown);
}

static int
record(struct events *events, int fd, const char *name)
{
	struct session *session = events->session;
	int result;

	events->row = (struct buf)BUF_INIT;
	json_stream_start(&events->stream, fd, name);
	ledger_batch_start(&events->batch, &session->workspace);
	ledger_row_start(&events->reader);
	result = events->each ? record_each(events) : record_all(events);
	if (result == 0)
		note_unpriced(events);
	json_stream_release(&events->stream);
	arena_release(&events->arena);
	arena_release(&events->loaded);
	ledger_batch_release(&events->batch);
	ledger_row_release(&events->reader);
	buf_release(&events->row);
	return result == 0 ? EX_OK : session_fail(session);
}

static int
open_and_record(struct events *events, const char *file)
{
	const struct dir here = { AT_FDCWD, "." };
	struct session *session = events->session;
	int fd, status;

	if (!file || strcmp(file, "-") == 0)
		return record(events, STDIN_FILENO, "standard input");
	fd = dir_openat(AT_FDCWD, file, O_RDONLY | O_NOCTTY);
	if (fd < 0) {
		dir_fail(&session->err, ERROR_NO_INPUT, "open", &here, file);
		return session_fail(session);
	}
	status = record(events, fd, file);
	close(fd);
	return status;
}

int
cmd_record_events(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter record events [--each] [--lenient] [--DIMENSION V]... "
	    "[--json]\n"
	    "       [FILE]";
	struct events events = { .session = session };
	struct context_options context;
	const struct opt options[] = {
		OPT_FLAG('\0', "each", &events.each,
		    "record and answer one by one, as they come"),
		OPT_FLAG('\0', "lenient", &events.lenient,
		    "put fields that are not known into metadata"),
		OPT_FLAG('\0', "json", &events.json,
		    "print the new records as JSON"),
		OPT_INCLUDE(context.rows),
		OPT_END,
	};

	context_options_init(&context);
	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	if (context_options_take(&events.context, session, &context) < 0 ||
	    settings_rates(&events.how.rates, &session->arena,
		session->workspace.root, &session->err) < 0)
		return session_fail(session);
	events.how.context = &events.context;
	recording_use(&events.recording, &events.how);
	events.how.source = "record";
	events.how.lenient = events.lenient;
	return open_and_record(&events, argv[0]);
}
