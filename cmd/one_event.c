#include "cmd/one_event.h"

#include "cmd/session.h"
#include "lib/core/usage.h"
#include "lib/core/usage_node.h"
#include "lib/doc/node.h"
#include "lib/store/ledger_batch.h"
#include "lib/store/ledger_commit.h"
#include "lib/store/ledger_row.h"
#include "lib/store/tasks.h"

/* Read the record back as it is to be stored. */
static struct node *
read_back(struct session *session, const struct ledger_batch *batch)
{
	struct ledger_row_reader reader;
	struct buf row = BUF_INIT;
	struct node *node = NULL;
	struct usage usage;

	ledger_row_start(&reader);
	if (ledger_batch_row(&row, batch, 0, &session->err) == 0 &&
	    ledger_row_read(&usage, &reader,
		(struct text){ row.text, row.len - 1 }, &session->err) == 0)
		node = usage_node(&session->arena, &usage);
	ledger_row_release(&reader);
	buf_release(&row);
	return node;
}

struct node *
one_event_record(struct session *session, const struct usage *usage,
    struct entry_change *task)
{
	struct when_clock *clock = &session->workspace.clock;
	struct error *err = &session->err;
	struct node *event = NULL;
	struct ledger_batch batch;

	ledger_batch_start(&batch, &session->workspace);
	if (ledger_batch_add(&batch, usage, clock->read(clock->data), err) == 0)
		event = read_back(session, &batch);
	if (event && (task ? tasks_record(&batch, task, err)
			   : ledger_commit(&batch, err)) < 0)
		event = NULL;
	session->has_committed = event != NULL;
	if (event && batch.entries[0].is_known)
		workspace_note(&session->workspace,
		    "an event of this id is recorded already");
	ledger_batch_release(&batch);
	return event;
}

void
one_event_print_id(struct session *session, const struct node *event)
{
	const struct text id = node_get(event, "id")->text;

	buf_add(&session->out, id.data, id.len);
	buf_putc(&session->out, '\n');
}
