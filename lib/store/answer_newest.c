#include "lib/store/answer_newest.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/threads.h"
#include "lib/core/query_filter.h"
#include "lib/core/query_newest.h"
#include "lib/core/task.h"
#include "lib/store/answer_skip.h"
#include "lib/store/ledger_files.h"
#include "lib/store/ledger_walk.h"
#include "lib/store/records.h"
#include "lib/store/rollup.h"
#include "lib/store/workspace.h"

/* What a thread has found. */
struct finder {
	const struct task_table *tasks;
	const struct ledger_question *question;
	struct arena arena;
	struct query_filter copy; /* for a thread of its own */
	struct query_filter *filter;
	struct query_newest newest;
};

/* A look for the newest records. */
struct search {
	struct records *records;
	struct ledger_question *question;
	struct query_filter *filter;
	struct query_newest *newest;
	struct ledger_files files;
	struct dir cache;
	bool *wanted;
};

static int
visit(void *data, const struct usage *usage, struct error *err)
{
	struct finder *finder = data;
	struct usage filled = *usage;
	int matches;

	if (!ledger_asks_for(finder->question, usage->at))
		return 0;
	task_fill(finder->tasks, &filled);
	matches = query_filter_matches(finder->filter, &filled, err);
	if (matches > 0)
		query_newest_add(&finder->newest, &filled);
	return matches < 0 ? -1 : 0;
}

/* Choose the days from first up to end that may have a match. */
static void
choose_days(struct search *search, size_t first, size_t end)
{
	const struct task_table *tasks = &search->records->tasks.table;
	const struct ledger_file *file;
	struct rollup rollup;

	memset(search->wanted, 0, search->files.count * sizeof(bool));
	for (size_t i = first; i < end; i++) {
		file = &search->files.list[i];
		search->wanted[i] = true;
		if (search->question->skip_damaged || file->part ||
		    !file->is_regular ||
		    !rollup_open(&rollup, &search->cache, file))
			continue;
		search->wanted[i] =
		    !answer_skip(&rollup, tasks, search->filter);
		rollup_close(&rollup);
	}
}

/* Look through the chosen days. */
static int
walk(struct search *search, struct finder *finders, size_t count,
    struct error *err)
{
	const struct ledger_walk walk = {
		.workspace = search->records->workspace,
		.question = search->question,
		.files = &search->files,
		.wanted = search->wanted,
		.visitor = visit,
	};
	void *data[THREADS_MAX];
	int result;

	for (size_t i = 0; i < count; i++)
		data[i] = &finders[i];
	result = ledger_walk(&walk, data, count, err);
	for (size_t i = 0; i < count; i++) {
		if (result == 0)
			query_newest_merge(search->newest, &finders[i].newest);
		query_newest_release(&finders[i].newest);
	}
	return result;
}

/*
 * Look at the newest day, then at twice as many, and so on, until no older
 * record can be among the newest.
 */
static int
walk_back(struct search *search, struct finder *finders, size_t count,
    struct error *err)
{
	const bool takes_all =
	    search->newest->limit == 0 || search->question->skip_damaged;
	size_t end = search->files.count, step = takes_all ? end : 1, first;
	int result = 0;

	for (; end > 0 && result == 0; end = first, step *= 2) {
		if (query_newest_is_full(search->newest,
			when_add_days(search->files.list[end - 1].day, 1)))
			break;
		first = end > step ? end - step : 0;
		choose_days(search, first, end);
		result = walk(search, finders, count, err);
	}
	return result;
}

static int
init_finder(struct finder *finder, const struct search *search, bool is_first,
    struct error *err)
{
	finder->tasks = &search->records->tasks.table;
	finder->question = search->question;
	finder->arena = (struct arena)ARENA_INIT;
	finder->filter = is_first ? search->filter : &finder->copy;
	query_newest_init(&finder->newest, search->newest->limit);
	if (is_first)
		return 0;
	return query_filter_copy(&finder->copy, &finder->arena, search->filter,
	    err);
}

/* Look with as many threads as can help: all records are not kept twice. */
static int
look(struct search *search, bool has_buckets, struct error *err)
{
	struct finder finders[THREADS_MAX];
	const size_t count = search->newest->limit == 0 ? 1 : threads_count();
	size_t made = 0;
	int result = 0;

	for (; made < count && result == 0; made++)
		result = init_finder(&finders[made], search, made == 0, err);
	if (result == 0 && has_buckets)
		result = records_each_bucket(search->records, visit,
		    &finders[0], err);
	if (result == 0) {
		query_newest_merge(search->newest, &finders[0].newest);
		query_newest_release(&finders[0].newest);
		result = walk_back(search, finders, count, err);
	}
	for (size_t i = 0; i < made; i++) {
		query_newest_release(&finders[i].newest);
		arena_release(&finders[i].arena);
	}
	return result;
}

int
answer_newest(struct records *records, struct ledger_question *question,
    struct query_filter *filter, bool has_buckets, struct query_newest *newest,
    struct error *err)
{
	struct workspace *workspace = records->workspace;
	struct search search = { .records = records,
		.question = question,
		.filter = filter,
		.newest = newest };
	int result;

	if (ledger_files_open(&search.files, workspace, err) < 0)
		return -1;
	cache_open(&search.cache, workspace, false);
	search.wanted = arena_array(workspace->arena, search.files.count + 1,
	    sizeof(*search.wanted));
	result = look(&search, has_buckets, err);
	dir_close(&search.cache);
	ledger_files_close(&search.files);
	return result;
}
