#include "lib/store/answer.h"

#include "lib/base/arena.h"
#include "lib/base/threads.h"
#include "lib/base/zone.h"
#include "lib/core/query.h"
#include "lib/core/query_filter.h"
#include "lib/core/query_summary.h"
#include "lib/store/answer_kept.h"
#include "lib/store/answer_newest.h"
#include "lib/store/answer_pass.h"
#include "lib/store/answer_rows.h"
#include "lib/store/records.h"
#include "lib/store/workspace.h"

/* What the query needs of a rollup. */
static void
find_need(struct answer_need *need, const struct query *query)
{
	const struct query_filter *filter = query->filter;

	need->can_be_kept =
	    rollup_sections_need(&need->covers, query_dimensions(query),
		zone_is_utc(query->room.zone) &&
		    (!filter || zone_is_utc(filter->room.zone)));
}

/* The copy of a query's filter, made for the first query that has it. */
static int
copy_filter(struct query_filter **out, struct answer_worker *worker,
    size_t place, struct error *err)
{
	struct query *const *queries = worker->pass->queries;
	const struct query_filter *filter = queries[place]->filter;

	*out = NULL;
	for (size_t i = 0; filter && i < place; i++)
		if (queries[i]->filter == filter) {
			*out = worker->queries[i]->filter;
			return 0;
		}
	if (!filter)
		return 0;
	*out = arena_alloc(&worker->arena, sizeof(**out));
	return query_filter_copy(*out, &worker->arena, filter, err);
}

/* Make a worker with empty queries like those of the caller. */
static int
init_worker(struct answer_worker *worker, const struct answer_pass *pass,
    struct error *err)
{
	struct query *const *queries = pass->queries;
	struct query_filter *filter;
	struct query **list;

	list = arena_array(&worker->arena, pass->count + 1,
	    sizeof(struct query *));
	worker->queries = list;
	for (size_t i = 0; i < pass->count; i++) {
		if (copy_filter(&filter, worker, i, err) < 0)
			return -1;
		list[i] = arena_alloc(&worker->arena, sizeof(*list[i]));
		query_fork(list[i], &worker->answers, queries[i], filter);
	}
	return 0;
}

/* Make the workers; the first one has the caller's queries. */
static int
init_workers(struct answer_worker *workers, size_t count,
    const struct answer_pass *pass, struct error *err)
{
	int result = 0;

	for (size_t i = 0; i < count; i++) {
		workers[i] = (struct answer_worker){ .pass = pass,
			.arena = ARENA_INIT,
			.answers = ARENA_INIT,
			.queries = pass->queries };
		rollup_make_init(&workers[i].make);
	}
	for (size_t i = 0; i < count; i++) {
		workers[i].chosen = arena_array(&workers[i].arena,
		    pass->count + 1, sizeof(size_t));
		if (i > 0 && result == 0)
			result = init_worker(&workers[i], pass, err);
	}
	return result;
}

/* Merge a worker's queries into those of the caller, with their memory. */
static int
merge(struct answer_worker *worker, struct error *err)
{
	struct query *const *queries = worker->pass->queries;
	int result = 0;

	for (size_t i = 0; i < worker->pass->count && result == 0; i++)
		result = query_merge(queries[i], worker->queries[i], err);
	if (worker->pass->count > 0)
		arena_adopt(queries[0]->arena, &worker->answers);
	return result;
}

static int
run(struct answer_pass *pass, struct answer_worker *workers, size_t count,
    struct error *err)
{
	int result;

	result = init_workers(workers, count, pass, err);
	if (result == 0)
		result = answer_rows_buckets(&workers[0], err);
	if (result == 0)
		result = answer_kept(pass, workers, count, err);
	if (result == 0)
		result = answer_rows(pass, workers, count, err);
	for (size_t i = 1; i < count && result == 0; i++)
		result = merge(&workers[i], err);
	for (size_t i = 0; i < count; i++) {
		rollup_make_release(&workers[i].make);
		arena_release(&workers[i].arena);
		arena_release(&workers[i].answers);
	}
	return result;
}

int
answer_queries(struct records *records, struct ledger_question *question,
    struct query *const *queries, size_t count, struct error *err)
{
	struct answer_worker workers[THREADS_MAX];
	struct workspace *workspace = records->workspace;
	struct answer_pass pass = { .records = records,
		.question = question,
		.queries = queries,
		.count = count };
	int result;

	if (ledger_files_open(&pass.files, workspace, err) < 0)
		return -1;
	cache_open(&pass.cache, workspace, false);
	pass.today =
	    when_day_start(workspace->clock.read(workspace->clock.data));
	pass.days = arena_array(workspace->arena, pass.files.count + 1,
	    sizeof(*pass.days));
	pass.needs =
	    arena_array(workspace->arena, count + 1, sizeof(*pass.needs));
	for (size_t i = 0; i < count; i++)
		find_need(&pass.needs[i], queries[i]);
	for (size_t i = 0; i < pass.files.count; i++)
		pass.days[i].reads_rows = arena_array(workspace->arena,
		    count + 1, sizeof(*pass.days[i].reads_rows));
	result = run(&pass, workers, threads_count(), err);
	dir_close(&pass.cache);
	ledger_files_close(&pass.files);
	return result;
}

int
answer_summaries(struct records *records, struct ledger_question *question,
    struct query_summary *const *summaries, size_t count, struct error *err)
{
	struct ledger_question again = *question;
	struct query **queries;
	int result;

	queries = arena_array(records->workspace->arena,
	    count * QUERY_SUMMARY_QUERIES + 1, sizeof(struct query *));
	for (size_t i = 0; i < count; i++)
		query_summary_queries(queries + i * QUERY_SUMMARY_QUERIES,
		    summaries[i]);
	result = answer_queries(records, question, queries,
	    count * QUERY_SUMMARY_QUERIES, err);
	for (size_t i = 0; i < count && result == 0; i++)
		if (summaries[i]->scope.is_entity)
			result =
			    answer_newest(records, &again, summaries[i]->filter,
				true, &summaries[i]->newest, err);
	return result;
}
