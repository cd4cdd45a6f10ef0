#include "cmd/commands.h"
#include "cmd/session.h"

#include <string.h>
#include <sysexits.h>

#include "lib/core/plan.h"
#include "lib/doc/node.h"
#include "lib/doc/yaml_write.h"
#include "lib/render/table.h"
#include "lib/store/plans.h"

enum {
	RETENTION = 50,
	CHECK_FAILED = 1,
};

int
cmd_plan_record(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter plan record [--retention N] [--check] [FILE]";
	int64_t retention = RETENTION;
	bool check = false;
	const struct opt options[] = {
		OPT_COUNT('\0', "retention", &retention, "N",
		    "keep the newest N plans (default 50; 0: all)"),
		OPT_FLAG('\0', "check", &check,
		    "exit 1 where the plan exceeds its own limits"),
		OPT_END,
	};
	struct node *summary, *snapshot;
	struct plan_excess excess;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	if (session_read_document(session, &summary, argv[0]) < 0 ||
	    plans_record(&snapshot, &session->workspace, summary, retention,
		&session->err) < 0)
		return session_fail(session);
	session->has_committed = true;
	buf_puts(&session->out, plans_id(snapshot).data);
	buf_putc(&session->out, '\n');
	excess = plan_excess_of(snapshot);
	if (check && excess.calls)
		buf_puts(&session->notes,
		    "meter: the plan has more calls than max_calls\n");
	if (check && excess.cost)
		buf_puts(&session->notes,
		    "meter: the plan costs more than cost_cap\n");
	return check && (excess.calls || excess.cost) ? CHECK_FAILED : EX_OK;
}

static const struct table_column columns[] = {
	{ "snapshot_id", TABLE_TEXT },
	{ "recorded_at", TABLE_TIME },
	{ "stage", TABLE_TEXT },
	{ "calls", TABLE_COUNT },
	{ "prompt_tokens", TABLE_COUNT },
	{ "cost_usd", TABLE_MONEY },
};

static struct text
text_field(const struct node *snapshot, const char *name)
{
	const struct node *value = node_find(snapshot, name);

	return value ? value->text : TEXT_NULL;
}

static void
add_count(struct table *table, const struct node *snapshot, const char *name)
{
	const struct node *value = node_find(snapshot, name);
	struct error ignored;
	int64_t count;

	if (value && node_count(&count, value, false, &ignored) == 0)
		table_count(table, count);
	else
		table_null(table);
}

static void
add_snapshot(struct table *table, const struct node *snapshot)
{
	const struct node *cost = node_find(snapshot, "estimated_cost_usd");
	struct error ignored;
	struct money money;

	table_row(table);
	table_text(table, text_field(snapshot, "snapshot_id"));
	table_time(table, text_field(snapshot, "recorded_at"));
	table_text(table, text_field(snapshot, "stage"));
	add_count(table, snapshot, "total_provider_calls_estimate");
	add_count(table, snapshot, "total_prompt_tokens_estimate");
	if (cost && node_money(&money, cost, false, &ignored) == 0)
		table_money(table, money);
	else
		table_null(table);
}

int
cmd_plan_list(struct session *session, int argc, char **argv)
{
	static const char synopsis[] = "meter plan list [--json|--csv|--yaml]";
	struct session_format format = { false };
	const struct opt options[] = {
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	struct table table;
	struct plans plans;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 0))
		return session->status;
	if (plans_load(&plans, &session->workspace, &session->err) < 0)
		return session_fail(session);
	if (!plans.snapshots)
		plans.snapshots = node_list(&session->arena);
	table_init(&table, &session->arena, columns,
	    sizeof(columns) / sizeof(columns[0]));
	for (const struct node *snapshot = plans.snapshots->first; snapshot;
	     snapshot = snapshot->next)
		add_snapshot(&table, snapshot);
	if (table.row_count == 0)
		table_note(&table, "no plan is stored");
	session_show(session, &format, plans.snapshots, &table);
	return EX_OK;
}

/* Find the snapshot whose id, or a prefix of it, is given; the newest. */
static const struct node *
find_snapshot(struct session *session, const struct plans *plans,
    const char *id)
{
	const struct node *snapshot;
	bool several = false;

	if (!id) {
		snapshot = plans_latest(plans);
		if (!snapshot)
			error_set(&session->err, ERROR_NO_INPUT,
			    "no plan is stored");
		return snapshot;
	}
	snapshot = plans_find_prefix(plans, text_of(id), &several);
	if (!snapshot)
		error_set(&session->err, ERROR_NO_INPUT,
		    several ? "several plans have an id that begins so"
			    : "no plan with such an id is stored");
	return snapshot;
}

int
cmd_plan_show(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter plan show [--json|--csv|--yaml] [ID]";
	struct session_format format = { false };
	const struct opt options[] = {
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	const struct node *snapshot;
	struct table table;
	struct plans plans;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	if (plans_load(&plans, &session->workspace, &session->err) < 0)
		return session_fail(session);
	snapshot = find_snapshot(session, &plans, argv[0]);
	if (!snapshot)
		return session_fail(session);
	table_init(&table, &session->arena, columns,
	    sizeof(columns) / sizeof(columns[0]));
	add_snapshot(&table, snapshot);
	/* For people too: the file's form shows all fields and is harmless. */
	if (!format.json && !format.csv)
		format.yaml = true;
	session_show(session, &format, snapshot, &table);
	return EX_OK;
}

int
cmd_plan_latest(struct session *session, int argc, char **argv)
{
	static const char synopsis[] = "meter plan latest";
	const struct opt options[] = { OPT_END };
	const struct node *snapshot;
	struct plans plans;
	struct text id;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 0))
		return session->status;
	if (plans_load(&plans, &session->workspace, &session->err) < 0)
		return session_fail(session);
	snapshot = find_snapshot(session, &plans, NULL);
	if (!snapshot)
		return session_fail(session);
	id = plans_id(snapshot);
	utf8_escape(&session->out, id.data, id.len, UTF8_ASCII, 0);
	buf_putc(&session->out, '\n');
	return EX_OK;
}
