#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/usage_options.h"
#include "lib/core/usage.h"
#include "lib/core/usage_node.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"
#include "lib/store/ledger_batch.h"
#include "lib/store/ledger_commit.h"
#include "lib/store/ledger_row.h"

/* Read back the record as it was stored. */
static int
read_stored(struct usage *out, struct session *session,
    const struct ledger_batch *batch, struct ledger_row_reader *reader,
    struct buf *row)
{
	if (ledger_batch_row(row, batch, 0, &session->err) < 0)
		return -1;
	return ledger_row_read(out, reader,
	    (struct text){ row->text, row->len - 1 }, &session->err);
}

static void
print(struct session *session, const struct usage *usage, bool json)
{
	if (json) {
		json_write_pretty(&session->out,
		    usage_node(&session->arena, usage));
		return;
	}
	buf_add(&session->out, usage->id.data, usage->id.len);
	buf_putc(&session->out, '\n');
}

static int
record(struct session *session, const struct usage *usage, bool json)
{
	struct when_clock *clock = &session->workspace.clock;
	struct ledger_row_reader reader;
	struct ledger_batch batch;
	struct buf row = BUF_INIT;
	struct usage stored;
	int status = EX_OK;

	ledger_row_start(&reader);
	ledger_batch_start(&batch, &session->workspace);
	if (ledger_batch_add(&batch, usage, clock->read(clock->data),
		&session->err) < 0 ||
	    read_stored(&stored, session, &batch, &reader, &row) < 0 ||
	    ledger_commit(&batch, &session->err) < 0) {
		status = session_fail(session);
		goto done;
	}
	session->has_committed = true;
	if (batch.entries[0].is_known)
		workspace_note(&session->workspace,
		    "an event of this id is recorded already");
	print(session, &stored, json);
done:
	ledger_batch_release(&batch);
	ledger_row_release(&reader);
	buf_release(&row);
	return status;
}

int
cmd_record_event(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter record event [--DIMENSION V]... [--MEASURE N]... "
	    "[--status S]\n"
	    "       [--attempt N] [--at T] [--id ID] [--metadata JSON] "
	    "[--json]";
	struct usage_options given = { .metadata = NULL };
	bool json = false;
	const struct opt options[] = {
		USAGE_OPTIONS_ROWS(&given),
		OPT_INCLUDE(given.measures),
		OPT_STRING('\0', "metadata", &given.metadata, "JSON",
		    "an object with whatever else there is to say"),
		OPT_FLAG('\0', "json", &json, "print the record as JSON"),
		OPT_END,
	};
	struct usage usage = { .attempt = 1 };

	usage_options_init(&given);
	if (!session_options(session, synopsis, options, &argc, argv, 0, 0))
		return session->status;
	if (usage_options_read(&usage, session, &given, NULL, "record") < 0)
		return session_fail(session);
	return record(session, &usage, json);
}
