#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "lib/base/number.h"
#include "lib/core/limits.h"
#include "lib/core/summary.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"
#include "lib/report/comparison.h"
#include "lib/store/settings.h"
#include "lib/store/summary_file.h"

enum {
	CHECK_FAILED = 1,
	NEWEST = -1, /* in place of a run's index */
};

static const char *const verdicts[] = { "ok", "warn", "fail", NULL };

/* What the command line says. */
struct request {
	int64_t run;
	const char *path;
	bool check;
	struct opt_list limits;
	const char *unpriced;
	const char *missing;
	struct session_format format;
};

static const struct table_column columns[] = {
	{ "measure", TABLE_TEXT },
	{ "planned", TABLE_COUNT },
	{ "actual", TABLE_COUNT },
	{ "delta", TABLE_COUNT },
	{ "ratio", TABLE_NUMBER },
};

static void
add_workflow_rows(struct table *table, const struct variance *variance)
{
	const struct variance_workflow *workflow;
	struct buf name = BUF_INIT;

	for (size_t i = 0; i < variance->workflow_count; i++) {
		workflow = &variance->workflows[i];
		buf_puts(&name, "workflow:");
		buf_add(&name, workflow->id.data, workflow->id.len);
		buf_puts(&name, ".calls");
		comparison_count(table,
		    (struct text){
			arena_copy(table->arena, name.text, name.len),
			name.len },
		    &workflow->calls);
		buf_reset(&name);
	}
	buf_release(&name);
}

/* Which run and which plan, and what its cost leaves out. */
static void
note_run(struct table *table, const struct summary_file *summary)
{
	const struct variance *variance = &summary->variance;
	int64_t unpriced = run_unpriced_calls(&summary->run);
	struct buf line = BUF_INIT;

	buf_printf(&line, "run %" PRId64, variance->run_index);
	if (variance->has_duration) {
		buf_puts(&line, ", took ");
		number_plain(&line, variance->duration_seconds);
		buf_puts(&line, " s");
	}
	if (variance->snapshot_id.data) {
		buf_puts(&line, ", plan ");
		buf_add(&line, variance->snapshot_id.data,
		    variance->snapshot_id.len);
		if (!variance->is_resolved)
			buf_puts(&line, " (not found)");
	} else {
		buf_puts(&line, ", no plan to compare with");
	}
	if (unpriced > 0)
		buf_printf(&line, ", %" PRId64 " %s unpriced", unpriced,
		    unpriced == 1 ? "call" : "calls");
	table_note(table, arena_copy(table->arena, line.text, line.len));
	buf_release(&line);
}

static void
fill_table(struct table *table, const struct summary_file *summary)
{
	const struct variance *variance = &summary->variance;

	comparison_count(table, TEXT("calls"), &variance->calls);
	comparison_count(table, TEXT("prompt_tokens"),
	    &variance->prompt_tokens);
	comparison_count(table, TEXT("total_tokens"), &variance->total_tokens);
	comparison_cost(table, TEXT("cost_usd"), &variance->cost);
	add_workflow_rows(table, variance);
	note_run(table, summary);
}

/* The limits of the command line, else of meter.yaml, else the usual ones. */
static int
find_limits(struct session *session, const struct request *request,
    struct limit **limits, size_t *count)
{
	const char *const *given = request->limits.values;
	size_t n = request->limits.count;

	*count = 0;
	if (n == 0) {
		if (settings_limits(limits, count, &session->arena,
			session->workspace.root, &session->err) < 0)
			return -1;
		if (*count > 0)
			return 0;
		given = limits_default;
		while (given[n])
			n++;
	}
	*limits = arena_array(&session->arena, n, sizeof(**limits));
	for (; *count < n; ++*count)
		if (limits_parse(&(*limits)[*count], text_of(given[*count]),
			&session->err) < 0)
			return -1;
	return 0;
}

static enum limits_verdict
verdict_named(const char *name, enum limits_verdict usual)
{
	int verdict = LIMITS_OK;

	if (!name)
		return usual;
	while (verdicts[verdict] && strcmp(verdicts[verdict], name) != 0)
		verdict++;
	return (enum limits_verdict)verdict;
}

static void
put_amount(struct buf *out, const struct limits_check *check,
    struct money amount)
{
	if (check->limit->measure == LIMITS_COST)
		buf_putc(out, '$');
	money_full(out, amount);
}

/* `cost_usd 0.0132, limit 0.03 (125%): ok`: what, actual, limit, verdict. */
static void
put_check(struct buf *out, const struct limits_check *check)
{
	const struct limit *limit = check->limit;

	buf_add(out, limit->name.data, limit->name.len);
	buf_putc(out, ' ');
	put_amount(out, check, check->actual);
	buf_puts(out, ", limit ");
	if (!check->is_missing)
		put_amount(out, check, check->allowed);
	if (limit->is_percentage) {
		buf_puts(out, check->is_missing ? "" : " (");
		buf_add(out, limit->value_text.data, limit->value_text.len);
		buf_puts(out, check->is_missing ? "% of an estimate that "
						  "is not there"
						: "% of the plan)");
	}
	if (check->unpriced_calls > 0)
		buf_printf(out, ", %" PRId64 " %s unpriced",
		    check->unpriced_calls,
		    check->unpriced_calls == 1 ? "call" : "calls");
	buf_printf(out, ": %s", limits_verdict_name(check->verdict));
}

/*
 * Say what came of a limit: below the table, or, where standard output is a
 * figure or CSV, on standard error.
 */
static void
note_check(struct session *session, const struct request *request,
    struct table *table, const struct limits_check *check)
{
	struct buf line = BUF_INIT, shown = BUF_INIT;

	put_check(&line, check);
	if (request->path || request->format.csv) {
		utf8_escape(&shown, line.text, line.len, UTF8_ASCII, 0);
		workspace_note(&session->workspace, "%s", shown.text);
	} else {
		table_note(table,
		    arena_copy(table->arena, line.text, line.len));
	}
	buf_release(&shown);
	buf_release(&line);
}

static void
add_check_node(struct arena *arena, struct node *list,
    const struct limits_check *check)
{
	struct node *map = node_map(arena);

	node_put(arena, map, "measure", node_text(arena, check->limit->name));
	node_put(arena, map, "actual", node_amount(arena, check->actual));
	node_put(arena, map, "limit",
	    check->is_missing ? node_null(arena)
			      : node_amount(arena, check->allowed));
	node_put(arena, map, "verdict",
	    node_string(arena, limits_verdict_name(check->verdict)));
	node_add(list, map);
}

/* Check the limits and add what came of it to the answer. */
static int
check_limits(struct session *session, const struct request *request,
    const struct summary_file *summary, struct table *table,
    struct node *document, bool *failed)
{
	const struct limits_policy policy = {
		.missing = verdict_named(request->missing, LIMITS_FAIL),
		.unpriced = verdict_named(request->unpriced, LIMITS_WARN),
	};
	struct node *list = node_list(&session->arena);
	struct limits_check *checks;
	struct limit *limits;
	size_t count;

	if (find_limits(session, request, &limits, &count) < 0)
		return -1;
	checks = arena_array(&session->arena, count, sizeof(*checks));
	count = limits_check(checks, limits, count, &summary->variance,
	    run_unpriced_calls(&summary->run), policy);
	for (size_t i = 0; i < count; i++) {
		note_check(session, request, table, &checks[i]);
		add_check_node(&session->arena, list, &checks[i]);
		*failed |= checks[i].verdict == LIMITS_FAIL;
	}
	node_put(&session->arena, document, "checks", list);
	return 0;
}

/* Print one value of the variance: a figure or a text as it is. */
static int
get_value(struct session *session, const struct node *document,
    const char *path)
{
	const struct node *value = summary_find(document, path);
	struct buf shown = BUF_INIT;

	if (!value) {
		utf8_escape(&shown, path, strlen(path), UTF8_ASCII, 100);
		error_set(&session->err, ERROR_USAGE,
		    "the variance has no value '%s'", shown.text);
		buf_release(&shown);
		return session_fail(session);
	}
	if (value->type == NODE_STRING)
		utf8_escape(&session->out, value->text.data, value->text.len,
		    UTF8_PRINTABLE, 0);
	else
		json_write_line(&session->out, value);
	buf_putc(&session->out, '\n');
	return EX_OK;
}

static int
show(struct session *session, const struct request *request,
    const struct summary_file *summary)
{
	bool failed = false;
	struct node *document;
	struct table table;

	document = node_copy(&session->arena, summary->node);
	table_init(&table, &session->arena, columns,
	    sizeof(columns) / sizeof(columns[0]));
	fill_table(&table, summary);
	if (request->check && check_limits(session, request, summary, &table,
				  document, &failed) < 0)
		return session_fail(session);
	if (request->path && get_value(session, document, request->path) != 0)
		return EX_USAGE;
	if (!request->path)
		session_show(session, &request->format, document, &table);
	return failed ? CHECK_FAILED : EX_OK;
}

/* Nothing is recorded: an empty answer, unless one was counted on. */
static int
show_nothing(struct session *session, const struct request *request)
{
	struct table table;

	if (request->run != NEWEST || request->check || request->path) {
		error_set(&session->err, ERROR_NO_INPUT,
		    request->run != NEWEST ? "there is no such run"
					   : "no run is recorded");
		return session_fail(session);
	}
	table_init(&table, &session->arena, columns,
	    sizeof(columns) / sizeof(columns[0]));
	table_note(&table, "no run is recorded");
	session_show(session, &request->format, node_null(&session->arena),
	    &table);
	return EX_OK;
}

static int
answer(struct session *session, const struct request *request)
{
	struct summary_file summary;
	int result;

	if (request->run != NEWEST)
		result = summary_file_of_run(&summary, &session->workspace,
		    request->run, &session->err);
	else
		result = summary_file_latest(&summary, &session->workspace,
		    &session->err);
	if (result < 0)
		return session_fail(session);
	if (request->run == NEWEST)
		summary_file_mend(&session->workspace, &summary);
	return summary.node ? show(session, request, &summary)
			    : show_nothing(session, request);
}

int
cmd_variance(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter variance [--run N] [--get PATH] "
	    "[--json|--csv|--yaml]\n"
	    "       [--check [--limit 'MEASURE<=VALUE']... "
	    "[--unpriced V] [--missing V]]";
	struct request request = { .run = NEWEST };
	const struct opt options[] = {
		OPT_COUNT('\0', "run", &request.run, "N",
		    "of run N (default: the newest)"),
		OPT_STRING('\0', "get", &request.path, "PATH",
		    "print one value, such as cost_usd.ratio"),
		OPT_FLAG('\0', "check", &request.check,
		    "exit 1 where a limit is broken"),
		OPT_LIST('\0', "limit", &request.limits, "MEASURE<=VALUE",
		    "a limit; VALUE a number or a percentage of the plan"),
		OPT_CHOICE('\0', "unpriced", &request.unpriced, verdicts,
		    "what calls without a price come to (default warn)"),
		OPT_CHOICE('\0', "missing", &request.missing, verdicts,
		    "what a share of no estimate comes to (default fail)"),
		SESSION_FORMAT_OPTIONS(&request.format),
		OPT_END,
	};

	if (!session_options(session, synopsis, options, &argc, argv, 0, 0))
		return session->status;
	if (!request.check &&
	    (request.limits.count > 0 || request.unpriced || request.missing))
		return session_misuse(session,
		    "--limit, --unpriced and --missing go with --check");
	if (request.run == 0)
		return session_misuse(session,
		    "a run is given by its index, from 1");
	return answer(session, &request);
}
