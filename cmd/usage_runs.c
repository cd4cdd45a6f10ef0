#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "lib/base/number.h"
#include "lib/core/run.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"
#include "lib/store/runs.h"

/* What a visit of the runs builds. */
struct listing {
	struct session *session;
	struct table table;
	struct node *list;
};

static const struct table_column run_columns[] = {
	{ "run", TABLE_COUNT },
	{ "completed_at", TABLE_TIME },
	{ "duration_seconds", TABLE_NUMBER },
	{ "snapshot_id", TABLE_TEXT },
	{ "calls", TABLE_COUNT },
	{ "prompt_tokens", TABLE_COUNT },
	{ "completion_tokens", TABLE_COUNT },
	{ "total_tokens", TABLE_COUNT },
	{ "cost_usd", TABLE_MONEY },
	{ "unpriced_calls", TABLE_COUNT },
	{ "workflows", TABLE_TEXT },
};

static const struct table_column bucket_columns[] = {
	{ "workflow", TABLE_TEXT },
	{ "stage", TABLE_TEXT },
	{ "provider", TABLE_TEXT },
	{ "model", TABLE_TEXT },
	{ "calls", TABLE_COUNT },
	{ "prompt_tokens", TABLE_COUNT },
	{ "completion_tokens", TABLE_COUNT },
	{ "total_tokens", TABLE_COUNT },
	{ "cost_usd", TABLE_MONEY },
	{ "cost_status", TABLE_TEXT },
};

/* "draft completed, review failed" */
static struct text
describe_workflows(struct arena *arena, const struct run *run)
{
	const struct run_workflow *workflow;
	struct buf out = BUF_INIT;
	struct text text;

	for (size_t i = 0; i < run->workflow_count; i++) {
		workflow = &run->workflows[i];
		if (i > 0)
			buf_puts(&out, ", ");
		buf_add(&out, workflow->id.data, workflow->id.len);
		if (workflow->status.len > 0)
			buf_putc(&out, ' ');
		buf_add(&out, workflow->status.data, workflow->status.len);
	}
	text.data = arena_copy(arena, out.text, out.len);
	text.len = out.len;
	buf_release(&out);
	return text;
}

static void
add_cost(struct table *table, struct money known, struct money estimated)
{
	struct money cost;

	if (money_add(&cost, known, estimated) == 0)
		table_money(table, cost);
	else
		table_null(table);
}

static int
add_run(void *data, const struct node *stored, const struct run *run,
    struct error *err)
{
	struct listing *listing = data;
	struct arena *arena = &listing->session->arena;
	struct table *table = &listing->table;

	(void)err;
	node_add(listing->list, node_copy(arena, stored));
	table_row(table);
	table_count(table, run->index);
	table_time(table, run->completed_at);
	if (run->has_duration)
		table_number(table, run->duration_seconds);
	else
		table_null(table);
	table_text(table, run->snapshot_id);
	table_count(table, run->rollup.calls);
	table_count(table, run->rollup.prompt_tokens);
	table_count(table, run->rollup.completion_tokens);
	table_count(table, run->rollup.total_tokens);
	add_cost(table, run->rollup.known, run->rollup.estimated);
	table_count(table, run_unpriced_calls(run));
	table_text(table, describe_workflows(arena, run));
	return 0;
}

int
cmd_usage_runs(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter usage runs [--limit N] [--json|--csv|--yaml]";
	struct session_format format = { false };
	struct listing listing = { .session = session };
	int64_t limit = 0;
	const struct opt options[] = {
		OPT_COUNT('\0', "limit", &limit, "N",
		    "only the newest N runs (default: all)"),
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};

	if (!session_options(session, synopsis, options, &argc, argv, 0, 0))
		return session->status;
	table_init(&listing.table, &session->arena, run_columns,
	    sizeof(run_columns) / sizeof(run_columns[0]));
	listing.list = node_list(&session->arena);
	if (runs_visit(&session->workspace, limit, add_run, &listing,
		&session->err) < 0)
		return session_fail(session);
	if (listing.table.row_count == 0)
		table_note(&listing.table, "no run is recorded");
	session_show(session, &format, listing.list, &listing.table);
	return EX_OK;
}

static void
add_bucket(struct table *table, const struct run_bucket *bucket)
{
	table_row(table);
	table_text(table, bucket->workflow);
	table_text(table, bucket->stage);
	table_text(table, bucket->provider);
	table_text(table, bucket->model);
	table_count(table, bucket->calls);
	table_count(table, bucket->prompt_tokens);
	table_count(table, bucket->completion_tokens);
	table_count(table, bucket->total_tokens);
	add_cost(table, bucket->known, bucket->estimated);
	table_string(table, run_cost_status(bucket));
}

static void
append_text(struct buf *out, const char *name, struct text text)
{
	if (!text.data)
		return;
	buf_printf(out, ", %s ", name);
	buf_add(out, text.data, text.len);
}

/* The run as a whole, in a line below its buckets. */
static void
note_run(struct session *session, struct table *table, const struct run *run)
{
	struct text workflows = describe_workflows(&session->arena, run);
	struct buf line = BUF_INIT;

	buf_printf(&line, "run %" PRId64, run->index);
	append_text(&line, "completed", run->completed_at);
	if (run->has_duration) {
		buf_puts(&line, ", took ");
		number_plain(&line, run->duration_seconds);
		buf_puts(&line, " s");
	}
	append_text(&line, "plan", run->snapshot_id);
	if (workflows.len > 0)
		append_text(&line, "workflows:", workflows);
	for (size_t i = 0; i < CONTEXT_COUNT; i++)
		append_text(&line, context_names[i], run->context.value[i]);
	table_note(table, arena_copy(&session->arena, line.text, line.len));
	buf_release(&line);
}

int
cmd_usage_run(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter usage run [--json|--csv|--yaml] N";
	struct session_format format = { false };
	const struct opt options[] = {
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	const struct run_bucket *bucket;
	const struct node *stored;
	struct table table;
	struct run run;
	int64_t index;

	if (!session_options(session, synopsis, options, &argc, argv, 1, 1))
		return session->status;
	if (number_parse_count(&index, argv[0], strlen(argv[0])) < 0 ||
	    index == 0)
		return session_misuse(session,
		    "a run is given by its index, from 1");
	if (runs_find(&run, &stored, &session->workspace, index,
		&session->err) < 0)
		return session_fail(session);
	if (!stored) {
		error_set(&session->err, ERROR_NO_INPUT,
		    "there is no run %" PRId64, index);
		return session_fail(session);
	}
	table_init(&table, &session->arena, bucket_columns,
	    sizeof(bucket_columns) / sizeof(bucket_columns[0]));
	for (bucket = run.buckets; bucket; bucket = bucket->next)
		add_bucket(&table, bucket);
	note_run(session, &table, &run);
	session_show(session, &format, stored, &table);
	return EX_OK;
}
