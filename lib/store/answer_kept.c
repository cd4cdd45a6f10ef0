#include "lib/store/answer_kept.h"

#include "lib/base/error.h"
#include "lib/base/threads.h"
#include "lib/core/query.h"
#include "lib/core/query_filter.h"
#include "lib/core/task.h"
#include "lib/store/answer_pass.h"
#include "lib/store/answer_skip.h"
#include "lib/store/ledger.h"
#include "lib/store/records.h"
#include "lib/store/rollup.h"

enum {
	DAYS_A_THREAD = 8, /* fewer are not worth one */
};

/* How much of a day lies in a time. */
enum part {
	PART_NONE,
	PART_SOME,
	PART_ALL,
};

/* The days that a thread looks at. */
struct share {
	struct answer_worker *worker;
	size_t first, end;
	int result;
	struct error err;
};

static enum part
part_of(struct when day, const struct when *since, const struct when *until)
{
	struct when next = when_add_days(day, 1);

	if ((since && next.micros <= since->micros) ||
	    (until && day.micros >= until->micros))
		return PART_NONE;
	if ((since && day.micros < since->micros) ||
	    (until && next.micros > until->micros))
		return PART_SOME;
	return PART_ALL;
}

static enum part
part_of_question(struct when day, const struct ledger_question *question)
{
	return part_of(day, question->has_since ? &question->since : NULL,
	    question->has_until ? &question->until : NULL);
}

static enum part
part_of_filter(struct when day, const struct query_filter *filter)
{
	if (!filter)
		return PART_ALL;
	return part_of(day, filter->has_since ? &filter->since : NULL,
	    filter->has_until ? &filter->until : NULL);
}

/* Whether a day's file may have a rollup that this question may use. */
static bool
can_have_rollup(const struct answer_pass *pass, const struct ledger_file *file)
{
	return file->day.micros < pass->today.micros && file->is_regular &&
	       !file->part && !pass->question->skip_damaged &&
	       part_of_question(file->day, pass->question) == PART_ALL;
}

/* Whether a query can be answered by a section of the rollup. */
static bool
can_answer(size_t *section, const struct rollup *rollup,
    const struct answer_pass *pass, size_t query)
{
	return part_of_filter(rollup->day, pass->queries[query]->filter) ==
		   PART_ALL &&
	       pass->needs[query].can_be_kept &&
	       rollup_choose(section, rollup, pass->needs[query].covers);
}

/* A group is given as if it were a record of the task as it is now. */
static int
visit(void *data, struct usage *usage, const struct query_measures *measures,
    struct error *err)
{
	struct answer_worker *worker = data;

	task_fill(&worker->pass->records->tasks.table, usage);
	return answer_pass_add(worker, usage, measures, err);
}

/* Choose the queries that a section answers; the rest have other ones. */
static void
choose_queries(struct answer_worker *worker, size_t section,
    const struct rollup *rollup, const struct answer_day *day)
{
	size_t answers;

	worker->chosen_count = 0;
	for (size_t i = 0; i < worker->pass->count; i++)
		if (day->reads_rows[i] &&
		    can_answer(&answers, rollup, worker->pass, i) &&
		    answers == section)
			worker->chosen[worker->chosen_count++] = i;
}

/* Give the queries what the rollup has for them. */
static int
use_rollup(struct answer_worker *worker, struct rollup *rollup,
    struct answer_day *day, struct error *err)
{
	bool is_whole;

	for (size_t i = 0; i < ROLLUP_SECTION_COUNT; i++) {
		choose_queries(worker, i, rollup, day);
		if (worker->chosen_count == 0)
			continue;
		if (rollup_each(rollup, i, &is_whole, visit, worker, err) < 0)
			return -1;
		day->lacks_rollup |= !is_whole;
		for (size_t j = 0; is_whole && j < worker->chosen_count; j++)
			day->reads_rows[worker->chosen[j]] = false;
	}
	return 0;
}

/* Spare the queries that still need the rows those of which none matches. */
static void
skip_rows(struct answer_worker *worker, struct rollup *rollup,
    struct answer_day *day)
{
	const struct task_table *tasks = &worker->pass->records->tasks.table;
	const struct query_filter *asked = NULL;
	struct query_filter *filter;
	bool skips = false;

	for (size_t i = 0; i < worker->pass->count; i++) {
		filter = worker->queries[i]->filter;
		if (!day->reads_rows[i] || !filter)
			continue;
		if (filter != asked)
			skips = answer_skip(rollup, tasks, filter);
		asked = filter;
		if (skips)
			day->reads_rows[i] = false;
	}
}

static int
look_at_day(struct answer_worker *worker, size_t place, struct error *err)
{
	const struct answer_pass *pass = worker->pass;
	const struct ledger_file *file = &pass->files.list[place];
	struct answer_day *day = &pass->days[place];
	struct rollup rollup;
	int result = 0;

	if (part_of_question(file->day, pass->question) == PART_NONE)
		return 0;
	for (size_t i = 0; i < pass->count; i++)
		day->reads_rows[i] = part_of_filter(file->day,
					 pass->queries[i]->filter) != PART_NONE;
	if (can_have_rollup(pass, file)) {
		day->lacks_rollup = !rollup_open(&rollup, &pass->cache, file);
		if (!day->lacks_rollup) {
			result = use_rollup(worker, &rollup, day, err);
			skip_rows(worker, &rollup, day);
			rollup_close(&rollup);
		}
	}
	for (size_t i = 0; i < pass->count; i++)
		day->is_read |= day->reads_rows[i];
	return result;
}

static void
look_at_share(void *part)
{
	struct share *share = part;

	share->result = 0;
	for (size_t i = share->first; i < share->end && share->result == 0; i++)
		share->result = look_at_day(share->worker, i, &share->err);
}

int
answer_kept(struct answer_pass *pass, struct answer_worker *workers,
    size_t count, struct error *err)
{
	struct share shares[THREADS_MAX];
	const size_t days = pass->files.count;

	if (count > days / DAYS_A_THREAD + 1)
		count = days / DAYS_A_THREAD + 1;
	for (size_t i = 0; i < count; i++) {
		shares[i].worker = &workers[i];
		shares[i].first = days * i / count;
		shares[i].end = days * (i + 1) / count;
	}
	threads_run(look_at_share, shares, sizeof(shares[0]), count);
	for (size_t i = 0; i < count; i++)
		if (shares[i].result < 0) {
			*err = shares[i].err;
			return -1;
		}
	return 0;
}
