#include "cmd/usage_collect.h"

#include <unistd.h>

#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "lib/core/query.h"

enum {
	THREADS_MAX = 4,
};

static int
visit(void *data, const struct usage *usage, struct error *err)
{
	return query_add(data, usage, err);
}

/* What a thread adds up. */
struct worker {
	struct arena arena;
	struct query_filter filter;
	struct query query;
};

static int
init_worker(struct worker *worker, const struct query *query,
    const struct usage_filter *options, struct error *err)
{
	worker->arena = (struct arena)ARENA_INIT;
	if (usage_filter_copy(&worker->filter, &worker->arena, options, err) <
	    0)
		return -1;
	query_init(&worker->query, &worker->arena, query->by, query->by_count,
	    &worker->filter, &options->zone);
	return 0;
}

/* Add everything up, on all processors. */
int
usage_collect(struct session *session, struct usage_filter *options,
    struct query *query)
{
	struct worker workers[THREADS_MAX - 1];
	void *data[THREADS_MAX] = { query };
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t count = 1, others = 0;
	int result = 0;

	if (processors > 1)
		count =
		    processors < THREADS_MAX ? (size_t)processors : THREADS_MAX;
	for (; others + 1 < count && result == 0; others++) {
		result = init_worker(&workers[others], query, options,
		    &session->err);
		data[others + 1] = &workers[others].query;
	}
	if (result == 0)
		result = usage_filter_records_of(options, session, visit, data,
		    count);
	for (size_t i = 0; i < others; i++) {
		if (result == 0)
			result = query_merge(query, &workers[i].query,
			    &session->err);
		arena_release(&workers[i].arena);
	}
	return result;
}
