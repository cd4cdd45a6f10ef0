#include "cmd/report_gather.h"

#include <inttypes.h>

#include "cmd/report_daily.h"
#include "cmd/report_words.h"
#include "cmd/session.h"
#include "cmd/usage_collect.h"
#include "cmd/usage_filter.h"
#include "lib/base/number.h"
#include "lib/core/query.h"
#include "lib/report/dashboard.h"
#include "lib/store/summary_file.h"

enum {
	/* Behind those that are shown, the runs. */
	RUNS = DASHBOARD_ANSWERS,
	QUERIES,
};

/* The newest run among the groups; 0 where there is none. */
static int64_t
newest_run(struct query *runs)
{
	struct query_group *const *groups = query_group_list(&runs->table);
	int64_t index, newest = 0;

	for (size_t i = 0; i < runs->table.count; i++)
		if (groups[i]->values[0].data &&
		    number_parse_count(&index, groups[i]->values[0].data,
			groups[i]->values[0].len) == 0 &&
		    index > newest)
			newest = index;
	return newest;
}

/* Without filters it is the last run, whatever its usage. */
static int
find_run(struct dashboard *out, struct session *session, struct query *runs)
{
	struct summary_file *summary =
	    arena_alloc(&session->arena, sizeof(*summary));
	int64_t index;
	int result = 0;

	out->run_command = "meter variance";
	if (*out->filters == '\0') {
		result = summary_file_latest(summary, &session->workspace,
		    &session->err);
	} else {
		index = newest_run(runs);
		out->run_command = arena_printf(&session->arena,
		    "meter variance --run %" PRId64, index);
		if (index > 0)
			result = summary_file_of_run(summary,
			    &session->workspace, index, &session->err);
	}
	if (result < 0)
		return -1;
	if (summary->node) {
		out->run = &summary->variance;
		out->run_unpriced = run_unpriced_calls(&summary->run);
	}
	return 0;
}

static void
begin_queries(struct dashboard *out, struct query **queries,
    struct session *session, struct usage_filter *options)
{
	const enum query_dimension run = (enum query_dimension)USAGE_RUN;
	struct query *list =
	    arena_array(&session->arena, QUERIES, sizeof(*list));
	const struct dashboard_question *question;

	for (size_t i = 0; i < DASHBOARD_ANSWERS; i++) {
		question = &dashboard_questions[i];
		query_init(&list[i], &session->arena, question->by,
		    question->count, &options->filter, &options->zone);
		queries[i] = &list[i];
	}
	query_init(&list[RUNS], &session->arena, &run, 1, &options->filter,
	    &options->zone);
	queries[RUNS] = &list[RUNS];
	out->answers = list;
}

int
report_gather(struct dashboard *out, struct session *session,
    struct usage_filter *options)
{
	struct when_clock *clock = &session->workspace.clock;
	struct query *queries[QUERIES];
	size_t count;

	if (usage_filter_take(options, session) < 0)
		return -1;
	*out = (struct dashboard){ .arena = &session->arena,
		.filters = report_words(&session->arena, options),
		.now = clock->read(clock->data),
		.zone = options->zone.name };
	begin_queries(out, queries, session, options);
	count = *out->filters == '\0' ? DASHBOARD_ANSWERS : QUERIES;
	if (usage_collect(session, options, queries, count) < 0 ||
	    find_run(out, session, queries[RUNS]) < 0 ||
	    report_daily_filtered(&out->daily, session, options, out->now) < 0)
		return -1;
	usage_filter_note(options, session);
	return 0;
}
