#include <math.h>
#include <string.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/context_options.h"
#include "cmd/report.h"
#include "cmd/session.h"
#include "lib/base/number.h"
#include "lib/core/rates.h"
#include "lib/core/run_stored.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"
#include "lib/store/pending.h"
#include "lib/store/plans.h"
#include "lib/store/runs.h"
#include "lib/store/sessions.h"
#include "lib/store/summary_file.h"
#include "lib/store/tiers.h"

enum {
	MODELS_NAMED = 10, /* models without a price, in a message */
};

/* What the command line says. */
struct request {
	const char *snapshot;
	const char *started_at;
	const char *duration;
	bool once;
	bool report;
	bool json;
	struct context_options context;
};

static int
check_request(struct session *session, const struct request *request,
    struct run *run)
{
	struct when ignored;

	if (request->started_at && when_parse(&ignored, request->started_at,
				       strlen(request->started_at)) < 0)
		return error_set(&session->err, ERROR_USAGE,
		    "--started-at takes a time such as "
		    "2026-11-22T08:00:00Z");
	run->started_at = text_of(request->started_at);
	run->has_duration = request->duration != NULL;
	if (run->has_duration &&
	    (number_parse_double(&run->duration_seconds, request->duration,
		 strlen(request->duration)) < 0 ||
		signbit(run->duration_seconds)))
		return error_set(&session->err, ERROR_USAGE,
		    "--duration takes a number of seconds, not negative");
	return context_options_take(&run->context, session, &request->context);
}

/* Read the results and make a run of them, with nothing stored yet. */
static int
build_run(struct session *session, const struct request *request,
    struct run *run, struct rates **rates, const char *file)
{
	struct when_clock *clock = &session->workspace.clock;
	struct run_means means = { .rates = NULL };
	struct run given = { 0 };
	struct node *results;
	struct tiers tiers;

	if (check_request(session, request, &given) < 0 ||
	    session_read_document(session, &results, file) < 0 ||
	    session_rates(session, rates) < 0 ||
	    tiers_load(&tiers, &session->workspace, &session->err) < 0)
		return -1;
	means.rates = *rates;
	means.at = clock->read(clock->data);
	means.tiers = &tiers.table;
	means.tier = given.context.value[CONTEXT_TIER];
	if (run_build(run, &session->arena, results, &means, &session->err) < 0)
		return -1;
	run->started_at = given.started_at;
	run->has_duration = given.has_duration;
	run->duration_seconds = given.duration_seconds;
	run->context = given.context;
	return 0;
}

/* Set the plan that the run belongs to, by the name it was asked for. */
static int
choose_snapshot(struct session *session, struct run *run, const char *name)
{
	const struct node *snapshot;
	struct plans plans;

	if (strcmp(name, "none") == 0)
		return 0;
	if (strcmp(name, "latest") != 0) {
		run->snapshot_id = text_of(name);
		return 0;
	}
	if (plans_load(&plans, &session->workspace, &session->err) < 0)
		return -1;
	snapshot = plans_latest(&plans);
	if (snapshot)
		run->snapshot_id = plans_id(snapshot);
	return 0;
}

/* What failed after the run was stored is told, and no failure. */
static void
note_failure(struct session *session)
{
	workspace_note(&session->workspace, "the run is recorded, but: %s",
	    session->err.text);
}

/* Name the models that no entry prices, each once, and say how many calls the
 * cost leaves out. */
static void
note_unpriced(struct session *session, const struct rates *rates,
    const struct run *run)
{
	struct buf list = BUF_INIT;
	const struct text *models;
	size_t count;

	models = rates_unpriced(rates, &count);
	for (size_t i = 0; i < count && i < MODELS_NAMED; i++) {
		buf_puts(&list, i > 0 ? ", " : "");
		if (models[i].len == 0) {
			buf_puts(&list, "calls that name no model");
			continue;
		}
		buf_putc(&list, '\'');
		utf8_escape(&list, models[i].data, models[i].len, UTF8_ASCII,
		    60);
		buf_putc(&list, '\'');
	}
	if (count > MODELS_NAMED)
		buf_puts(&list, " and more");
	if (count > 0)
		workspace_note(&session->workspace,
		    "no price is known for %s: %lld of %lld calls "
		    "count as 0",
		    list.text, (long long)rates_unpriced_calls(rates),
		    (long long)run->rollup.calls);
	buf_release(&list);
}

/* Whether a stage's or workflow's own session is said to be the open one. */
static bool
names_current(const struct run *run)
{
	const struct run_bucket *bucket = run->buckets;

	while (bucket &&
	       !text_is(bucket->context.value[CONTEXT_SESSION], "current"))
		bucket = bucket->next;
	return bucket;
}

/* The session is the one that the run completes in, where none is named;
 * where `current` is named it must be open. */
static int
join_session(struct session *session, struct run *run, struct when now)
{
	struct text *value = &run->context.value[CONTEXT_SESSION], *own;
	bool is_asked = names_current(run);
	struct sessions sessions;

	if (value->data && !is_asked)
		return 0;
	if (sessions_load(&sessions, &session->workspace, &session->err) < 0 ||
	    (is_asked &&
		sessions_expect_open(&sessions.span, &session->err) < 0))
		return -1;
	if (!value->data && session_span_covers(&sessions.span, now))
		*value = sessions.span.id;
	for (struct run_bucket *b = run->buckets; b; b = b->next) {
		own = &b->context.value[CONTEXT_SESSION];
		if (text_is(*own, "current"))
			*own = sessions.span.id;
	}
	return 0;
}

/* Store the run: from the append on it is recorded. */
static int
store(struct session *session, const struct request *request, struct run *run,
    bool *known)
{
	struct buf time = BUF_INIT;
	struct when now;

	if (pending_lock(&session->workspace, &now, &session->err) < 0)
		return -1;
	when_yaml(&time, now);
	run->completed_at.data =
	    arena_copy(&session->arena, time.text, time.len);
	run->completed_at.len = time.len;
	buf_release(&time);
	if (join_session(session, run, now) < 0 ||
	    choose_snapshot(session, run, request->snapshot) < 0 ||
	    runs_append(&session->workspace, run, request->once, known,
		&session->err) < 0)
		return -1;
	session->has_committed = true;
	return 0;
}

/*
 * Store the newest run's variance where it is missing: the try that this one
 * repeats may have been killed before it came to that.
 */
static int
mend_summary(struct session *session)
{
	struct summary_file newest;

	if (summary_file_latest(&newest, &session->workspace, &session->err) <
	    0)
		return -1;
	if (!newest.node || newest.is_stored)
		return 0;
	return summary_file_save(&session->workspace, &newest, &session->err);
}

/* Store the run's variance too, and report it where that was asked for. */
static int
store_summary(struct session *session, const struct request *request,
    struct summary_file *summary, bool known)
{
	int result;

	if (known) {
		result = summary_file_of_run(summary, &session->workspace,
		    summary->run.index, &session->err);
		if (result == 0)
			result = mend_summary(session);
	} else {
		result = summary_file_compute(summary, &session->workspace,
		    &session->err);
		if (result == 0)
			result = summary_file_save(&session->workspace, summary,
			    &session->err);
	}
	if (result < 0)
		note_failure(session);
	if (result == 0 && request->report &&
	    report_write_generation(session, summary, NULL) < 0)
		note_failure(session);
	return result;
}

static void
print_json(struct session *session, const struct summary_file *summary)
{
	struct arena *arena = &session->arena;
	struct node *map = node_map(arena);
	const struct node *run = run_stored_node(arena, &summary->run);

	node_put(arena, map, "run_index", node_int(arena, summary->run.index));
	node_put(arena, map, "rollup",
	    node_copy(arena, node_get(run, "rollup")));
	node_put(arena, map, "budget_summary", node_copy(arena, summary->node));
	json_write_pretty(&session->out, map);
}

static int
record(struct session *session, const struct request *request, const char *file)
{
	struct summary_file summary = { .is_stored = false };
	struct rates *rates;
	bool known = false;

	if (build_run(session, request, &summary.run, &rates, file) < 0 ||
	    store(session, request, &summary.run, &known) < 0)
		return session_fail(session);
	store_summary(session, request, &summary, known);
	workspace_unlock(&session->workspace);
	if (known)
		workspace_note(&session->workspace,
		    "run %lld holds these results already",
		    (long long)summary.run.index);
	else
		note_unpriced(session, rates, &summary.run);
	if (request->json)
		print_json(session, &summary);
	else
		buf_printf(&session->out, "%lld\n",
		    (long long)summary.run.index);
	return EX_OK;
}

int
cmd_record_run(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter record run [--snapshot ID|latest|none] "
	    "[--started-at T]\n"
	    "       [--duration S] [--DIMENSION V]... [--once] [--report] "
	    "[--json] [FILE]";
	struct request request = { .snapshot = "latest" };
	const struct opt options[] = {
		OPT_STRING('\0', "snapshot", &request.snapshot, "ID",
		    "the plan: an id, latest (the default) or none"),
		OPT_STRING('\0', "started-at", &request.started_at, "T",
		    "when the run started"),
		OPT_STRING('\0', "duration", &request.duration, "S",
		    "how many seconds it took"),
		OPT_FLAG('\0', "once", &request.once,
		    "store nothing where these workflow runs are stored"),
		OPT_FLAG('\0', "report", &request.report,
		    "also do what 'meter report generation' does"),
		OPT_FLAG('\0', "json", &request.json,
		    "print index, rollup and variance as JSON"),
		OPT_INCLUDE(request.context.rows),
		OPT_END,
	};

	context_options_init(&request.context);
	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	return record(session, &request, argv[0]);
}
