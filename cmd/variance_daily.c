#include <string.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/day_option.h"
#include "cmd/session.h"
#include "cmd/variance_report.h"
#include "lib/base/threads.h"
#include "lib/core/daily_node.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"
#include "lib/report/proposal.h"
#include "lib/store/allocations.h"
#include "lib/store/days.h"
#include "lib/store/days_missed.h"
#include "lib/store/proposals.h"

enum {
	CHECK_FAILED = 1,
	DAYS_MAX = 3660,
	LIMIT_MAX = 1000000, /* of --min-pct and --min-z */
	SCOPE_COLUMNS = 200, /* of a scope in a line */
};

#define DAY INT64_C(86400000000)

/* What the command line says. */
struct request {
	const char *day, *scope, *min_pct, *min_z;
	int64_t days, min_baseline;
	bool all, check, alerts_only, dry_run, catch_up;
	struct session_format format;
	struct when last; /* the day */
	bool is_stored;
};

static int
take_limit(struct money *out, const char *text, const char *name,
    struct error *err)
{
	const struct money max = { LIMIT_MAX *
				   (money_int)INT64_C(1000000000000000) };

	if (!text)
		return 0;
	if (money_parse(out, text, strlen(text)) != MONEY_OK ||
	    out->femto < 0 || money_compare(*out, max) > 0)
		return error_set(err, ERROR_USAGE,
		    "%s: expected a number from 0 to %d", name, LIMIT_MAX);
	return 0;
}

/* From the first day that was missed up to the last. */
static int
catch_up(struct days_question *question, struct session *session,
    struct when last)
{
	struct when first;
	int64_t missed;

	if (days_missed(&first, &session->workspace, question, last,
		&session->err) < 0)
		return -1;
	missed = (last.micros - first.micros) / DAY + 1;
	if (missed > DAYS_MAX)
		missed = DAYS_MAX;
	question->first = when_add_days(last, 1 - missed);
	question->count = (size_t)missed;
	return 0;
}

static int
take(struct days_question *question, struct session *session,
    struct request *request)
{
	struct when_clock *clock = &session->workspace.clock;
	struct error *err = &session->err;
	size_t count = request->days > 0 ? (size_t)request->days : 1;

	if (day_option_take(&request->last, session,
		request->day ? request->day : "yesterday") < 0)
		return -1;
	*question = days_ask(request->last, count, clock->read(clock->data));
	question->all = request->all;
	question->threads = threads_count();
	question->limits.days = request->min_baseline;
	if (take_limit(&question->limits.pct, request->min_pct, "--min-pct",
		err) < 0 ||
	    take_limit(&question->limits.z, request->min_z, "--min-z", err) <
		0 ||
	    variance_report_scope(question, request->scope, err) < 0)
		return -1;
	return request->catch_up ? catch_up(question, session, request->last)
				 : 0;
}

/* Whether there is anything to store: a day that is over, and allocations. */
static int
is_to_store(bool *out, struct session *session, const struct request *request,
    const struct days_question *question)
{
	struct allocations allocations;

	*out = false;
	if (request->dry_run || request->days > 0 ||
	    when_add_days(question->first, 1).micros > question->now.micros)
		return 0;
	if (allocations_load(&allocations, &session->workspace, &session->err) <
	    0)
		return -1;
	*out = allocations.list.count > 0;
	return 0;
}

/* A line for each row that has an alert: what broke, and what to do. */
static void
note_alerts(struct session *session, struct table *table,
    const struct days *days)
{
	struct buf line = BUF_INIT, scope = BUF_INIT;

	for (size_t i = 0; i < days->count; i++) {
		const struct daily_row *row = &days->rows[i];

		if (!row->has_alert)
			continue;
		buf_reset(&line);
		buf_reset(&scope);
		when_day(&line, row->day);
		buf_putc(&line, ' ');
		allocation_write_scope(&scope, row->dimension, row->id);
		utf8_escape(&line, scope.text, scope.len,
		    session->terminal.screen, SCOPE_COLUMNS);
		buf_puts(&line, " (");
		proposal_measures(&line, row);
		buf_puts(&line, "): ");
		proposal_action(&line, row);
		table_note(table,
		    arena_copy(&session->arena, line.text, line.len));
	}
	buf_release(&scope);
	buf_release(&line);
}

static void
note_days(struct session *session, struct table *table,
    const struct request *request, const struct days_question *question,
    const struct days *days)
{
	if (days->allocated == 0)
		table_note(table,
		    "nothing is allocated; see 'meter help plan allocate'");
	if (when_add_days(request->last, 1).micros > question->now.micros)
		table_note(table,
		    "the last day is not over: its figures may change, and "
		    "it is not stored");
	note_alerts(session, table, days);
}

static void
show(struct session *session, const struct request *request,
    const struct days_question *question, const struct days *days)
{
	const struct session_format *format = &request->format;
	struct node *document = NULL;
	struct table table;

	if (format->json || format->yaml)
		document = daily_node_answer(&session->arena, days->first,
		    days->day_count, days->rows, days->count,
		    format->json ? DAILY_NODE_JSON : DAILY_NODE_YAML);
	variance_report_table(&table, &session->arena, days,
	    format->csv != NULL);
	if (!format->csv)
		note_days(session, &table, request, question, days);
	session_show(session, format, document, &table);
}

/* What the rows of the last day come to. */
static int
check(struct session *session, const struct request *request,
    const struct days *days)
{
	size_t allocated = 0;
	bool failed = false;

	for (size_t i = 0; i < days->count; i++) {
		const struct daily_row *row = &days->rows[i];

		if (row->day.micros != request->last.micros ||
		    !row->is_allocated)
			continue;
		allocated++;
		failed |=
		    row->has_alert || (row->is_over && !request->alerts_only);
	}
	if (allocated > 0)
		return failed ? CHECK_FAILED : EX_OK;
	error_set(&session->err, ERROR_NO_INPUT,
	    "nothing is allocated on the day that is to be checked");
	return session_fail(session);
}

static int
answer(struct session *session, struct request *request)
{
	struct days_question question;
	struct days days;
	bool stores;
	int result;

	if (take(&question, session, request) < 0 ||
	    is_to_store(&stores, session, request, &question) < 0)
		return session_fail(session);
	if (stores)
		result = days_store(&days, &session->workspace, &question,
		    &variance_report, &session->err);
	else
		result = days_compute(&days, &session->workspace, &question,
		    &session->err);
	if (result < 0)
		return session_fail(session);
	session->has_committed = stores;
	show(session, request, &question, &days);
	return request->check ? check(session, request, &days) : EX_OK;
}

/* What is wrong with the options together, or NULL. */
static const char *
problem_of(const struct request *request)
{
	if (request->days == 0 || request->days > DAYS_MAX)
		return "--days: expected a number from 1 to 3660";
	if (request->days > 0 && request->catch_up)
		return "--days only shows, --catch-up stores: one of them";
	if (request->alerts_only && !request->check)
		return "--alerts-only goes with --check";
	return NULL;
}

int
cmd_variance_daily(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter variance daily [--days N] [--scope DIM|SCOPE] [--all]\n"
	    "       [--check [--alerts-only]] [--dry-run] [--catch-up]\n"
	    "       [--min-pct N] [--min-z N] [--min-baseline N]\n"
	    "       [--json|--csv|--yaml] [DAY]";
	struct request request = { .days = -1,
		.min_baseline = daily_limits_usual.days };
	const struct opt options[] = {
		OPT_COUNT('\0', "days", &request.days, "N",
		    "the N days that end with DAY, only shown"),
		OPT_STRING('\0', "scope", &request.scope, "DIM|SCOPE",
		    "only scopes of a dimension, or one scope"),
		OPT_FLAG('\0', "all", &request.all,
		    "also scopes without an allocation, and what has none"),
		OPT_FLAG('\0', "check", &request.check,
		    "exit 1 where DAY has an alert or is over"),
		OPT_FLAG('\0', "alerts-only", &request.alerts_only,
		    "with --check: only on alerts"),
		OPT_FLAG('\0', "dry-run", &request.dry_run,
		    "store nothing, and propose nothing"),
		OPT_FLAG('\0', "catch-up", &request.catch_up,
		    "also the days that were missed, or had scopes missed"),
		OPT_STRING('\0', "min-pct", &request.min_pct, "N",
		    "off by more than N percent (default 25)"),
		OPT_STRING('\0', "min-z", &request.min_z, "N",
		    "off by more than N deviations (default 2)"),
		OPT_COUNT('\0', "min-baseline", &request.min_baseline, "N",
		    "with at least N days to compare with (default 7)"),
		SESSION_FORMAT_OPTIONS(&request.format),
		OPT_END,
	};
	const char *problem;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	request.day = argv[0];
	problem = problem_of(&request);
	if (problem)
		return session_misuse(session, problem);
	return answer(session, &request);
}
