#include "lib/store/answer.h"

#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/core/query.h"
#include "lib/core/query_filter.h"
#include "lib/store/records.h"

enum {
	THREADS_MAX = 4,
};

/* What a thread adds up.  The first one has the caller's queries. */
struct worker {
	struct arena arena;
	struct query *const *queries;
	size_t count;
};

/* The copy of a query's filter, made for the first query that has it. */
static int
copy_filter(struct query_filter **out, struct worker *worker,
    struct query *const *queries, size_t place, struct error *err)
{
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

/* Make the worker empty queries like those of the caller. */
static int
init_worker(struct worker *worker, struct query *const *queries, size_t count,
    struct error *err)
{
	struct query_filter *filter;
	struct query **list;

	list = arena_array(&worker->arena, count + 1, sizeof(struct query *));
	worker->queries = list;
	worker->count = count;
	for (size_t i = 0; i < count; i++) {
		if (copy_filter(&filter, worker, queries, i, err) < 0)
			return -1;
		list[i] = arena_alloc(&worker->arena, sizeof(*list[i]));
		query_init(list[i], &worker->arena, queries[i]->by,
		    queries[i]->by_count, filter, queries[i]->room.zone);
	}
	return 0;
}

static int
visit(void *data, const struct usage *usage, struct error *err)
{
	const struct worker *worker = data;

	for (size_t i = 0; i < worker->count; i++)
		if (query_add(worker->queries[i], usage, err) < 0)
			return -1;
	return 0;
}

static int
merge(struct query *const *queries, const struct worker *worker,
    struct error *err)
{
	for (size_t i = 0; i < worker->count; i++)
		if (query_merge(queries[i], worker->queries[i], err) < 0)
			return -1;
	return 0;
}

static size_t
processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	if (count < 1)
		return 1;
	return count < THREADS_MAX ? (size_t)count : THREADS_MAX;
}

int
answer_queries(struct records *records, struct ledger_question *question,
    struct query *const *queries, size_t count, struct error *err)
{
	struct worker workers[THREADS_MAX] = { { ARENA_INIT, queries, count } };
	void *data[THREADS_MAX] = { &workers[0] };
	size_t threads = processors(), made = 1;
	int result = 0;

	for (; made < threads && result == 0; made++) {
		result = init_worker(&workers[made], queries, count, err);
		data[made] = &workers[made];
	}
	if (result == 0)
		result = records_each_of(records, question, visit, data,
		    threads, err);
	for (size_t i = 1; i < made; i++) {
		if (result == 0)
			result = merge(queries, &workers[i], err);
		arena_release(&workers[i].arena);
	}
	return result;
}
