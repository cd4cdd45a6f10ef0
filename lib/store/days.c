#include "lib/store/days.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/threads.h"
#include "lib/core/daily_tally.h"
#include "lib/doc/node.h"
#include "lib/store/allocations.h"
#include "lib/store/changes.h"
#include "lib/store/days_file.h"
#include "lib/store/pending.h"
#include "lib/store/proposals.h"
#include "lib/store/records.h"
#include "lib/store/workspace.h"

struct days_question
days_ask(struct when last, size_t count, struct when now)
{
	return (struct days_question){
		.first = when_add_days(last, 1 - (int64_t)count),
		.count = count,
		.now = now,
		.limits = daily_limits_usual,
		.threads = 1,
	};
}

bool
days_asks_for(const struct days_question *question,
    enum query_dimension dimension, struct text id)
{
	if (!question->has_dimension)
		return true;
	return dimension == question->dimension &&
	       (!question->id.data || text_equal(id, question->id));
}

/* What is being computed: the tally's days are those asked for and those of
 * the baseline before them. */
struct computing {
	struct workspace *workspace;
	const struct days_question *question;
	struct allocations allocations;
	const struct allocation **order; /* by scope, then as recorded */
	struct daily_tally tally;
	struct days *out;
};

static struct when
day_at(const struct computing *computing, size_t place)
{
	return when_add_days(computing->tally.first, (int64_t)place);
}

static bool
is_asked_for(const struct days_question *question,
    const struct allocation *allocation)
{
	struct when last =
	    when_add_days(question->first, (int64_t)question->count - 1);

	if (!days_asks_for(question, allocation->dimension, allocation->id))
		return false;
	return allocation->from.micros <= last.micros &&
	       (!allocation->has_to ||
		   allocation->to.micros >= question->first.micros);
}

/* Say which scopes to count for. */
static void
watch(struct computing *computing)
{
	const struct allocation_list *list = &computing->allocations.list;
	const struct days_question *question = computing->question;
	struct daily_tally *tally = &computing->tally;

	for (size_t i = 0; i < list->count; i++) {
		const struct allocation *item = &list->items[i];

		if (!is_asked_for(question, item))
			continue;
		daily_tally_watch(tally, item->dimension, item->id);
		if (question->all && !question->has_dimension)
			daily_tally_watch_all(tally, item->dimension);
	}
	if (!question->all || !question->has_dimension)
		return;
	if (question->id.data)
		daily_tally_watch(tally, question->dimension, question->id);
	else
		daily_tally_watch_all(tally, question->dimension);
}

static int
visit(void *data, const struct usage *usage, struct error *err)
{
	return daily_tally_add(data, usage, err);
}

/* Read the records of the days, by several threads. */
static int
collect(struct computing *computing, struct error *err)
{
	struct daily_tally *tally = &computing->tally;
	struct daily_tally others[THREADS_MAX - 1];
	struct arena arenas[THREADS_MAX - 1];
	void *data[THREADS_MAX] = { tally };
	struct ledger_question question = { .has_since = true,
		.has_until = true,
		.skip_damaged = computing->question->skip_damaged,
		.since = tally->first,
		.until = day_at(computing, tally->day_count) };
	size_t count = computing->question->threads;
	struct records records;
	int result;

	count = count < THREADS_MAX ? count : THREADS_MAX;
	for (size_t i = 0; i + 1 < count; i++) {
		arenas[i] = (struct arena)ARENA_INIT;
		daily_tally_split(&others[i], &arenas[i], tally);
		data[i + 1] = &others[i];
	}
	result = records_open(&records, computing->workspace, err);
	if (result == 0)
		result = records_each_of(&records, &question, visit, data,
		    count > 0 ? count : 1, err);
	for (size_t i = 0; i + 1 < count; i++) {
		if (result == 0)
			result = daily_tally_merge(tally, &others[i], err);
		arena_adopt(tally->arena, &arenas[i]);
	}
	computing->out->skipped = question.skipped;
	return result;
}

static int
compare_scope(const struct allocation *allocation,
    const struct daily_tally_scope *scope)
{
	return query_dimension_compare(allocation->dimension, allocation->id,
	    scope->dimension, scope->id);
}

static int
compare_allocations(const void *a, const void *b)
{
	const struct allocation *x = *(const struct allocation *const *)a;
	const struct allocation *y = *(const struct allocation *const *)b;
	const struct daily_tally_scope scope = { y->dimension, y->id, NULL };
	int order = compare_scope(x, &scope);

	return order != 0 ? order : (x > y) - (x < y);
}

static void
sort_allocations(struct computing *computing)
{
	const struct allocation_list *list = &computing->allocations.list;

	computing->order = arena_array(computing->workspace->arena,
	    list->count + 1, sizeof(const struct allocation *));
	for (size_t i = 0; i < list->count; i++)
		computing->order[i] = &list->items[i];
	if (list->count > 1)
		qsort(computing->order, list->count,
		    sizeof(const struct allocation *), compare_allocations);
}

/* Which allocation of a scope counts on each of the days; *at is where the
 * scope's stand in the order. */
static const struct allocation **
spread(struct computing *computing, const struct daily_tally_scope *scope,
    size_t *at)
{
	size_t days = computing->tally.day_count;
	const struct allocation **list =
	    arena_array(computing->workspace->arena, days,
		sizeof(const struct allocation *));
	size_t count = computing->allocations.list.count;

	while (*at < count && compare_scope(computing->order[*at], scope) < 0)
		++*at;
	for (; *at < count && compare_scope(computing->order[*at], scope) == 0;
	     ++*at)
		for (size_t day = 0; day < days; day++)
			if (allocation_holds(computing->order[*at],
				day_at(computing, day)))
				list[day] = computing->order[*at];
	return list;
}

/* Whether a scope's day has a row. */
static bool
is_shown(const struct computing *computing,
    const struct daily_tally_scope *scope,
    const struct allocation *const *allocations, size_t day)
{
	const struct days_question *question = computing->question;

	if (allocations[day])
		return true;
	/* That nothing was used is worth a row where that one is asked for. */
	return question->all &&
	       (question->id.data || scope->days[day].records > 0);
}

/* The rows of one day, a scope each. */
static int
compute_day(struct computing *computing, size_t day,
    struct daily_tally_scope *const *scopes,
    const struct allocation *const *const *allocations, struct error *err)
{
	const struct days_question *question = computing->question;
	struct days *out = computing->out;
	struct when start = day_at(computing, day);
	bool is_past = when_add_days(start, 1).micros <= question->now.micros;

	for (size_t i = 0; i < computing->tally.scopes.count; i++) {
		struct daily_row *row = &out->rows[out->count];

		if (!is_shown(computing, scopes[i], allocations[i], day))
			continue;
		if (daily_compute(row, computing->workspace->arena, scopes[i],
			start, day, allocations[i], is_past, &question->limits,
			err) < 0)
			return -1;
		out->count++;
		out->allocated += row->is_allocated;
	}
	return 0;
}

static int
compute(struct computing *computing, struct error *err)
{
	struct arena *arena = computing->workspace->arena;
	size_t count = computing->tally.scopes.count, at = 0, shown = 0;
	struct daily_tally_scope **scopes = daily_tally_list(&computing->tally);
	const struct allocation *const **allocations = arena_array(arena,
	    count + 1, sizeof(const struct allocation *const *));
	struct days *out = computing->out;

	sort_allocations(computing);
	for (size_t i = 0; i < count; i++)
		allocations[i] = spread(computing, scopes[i], &at);
	for (size_t i = 0; i < count; i++)
		for (size_t day = 0; day < out->day_count; day++)
			shown += is_shown(computing, scopes[i], allocations[i],
			    DAILY_BASELINE + day);
	out->rows = arena_array(arena, shown + 1, sizeof(*out->rows));
	for (size_t i = 0; i < out->day_count; i++)
		if (compute_day(computing, DAILY_BASELINE + i, scopes,
			allocations, err) < 0)
			return -1;
	return 0;
}

/* How many rows a day has, which stand together from first on. */
static size_t
rows_of(const struct days *days, struct when day, size_t first)
{
	size_t end = first;

	while (end < days->count && days->rows[end].day.micros == day.micros)
		end++;
	return end - first;
}

/* Note in the rows what was stored; the documents are kept for who is to
 * change them. */
static int
mark(struct days *days, struct node **documents, struct workspace *workspace,
    enum document_use use, struct error *err)
{
	size_t first = 0, count;

	for (size_t i = 0; i < days->day_count; i++, first += count) {
		struct when day = when_add_days(days->first, (int64_t)i);

		count = rows_of(days, day, first);
		if (days_file_load(&documents[i], workspace, day, use, err) <
			0 ||
		    days_file_mark(&days->rows[first], count, documents[i],
			err) < 0)
			return -1;
	}
	return 0;
}

static int
compute_all(struct days *out, struct node ***documents,
    struct workspace *workspace, const struct days_question *question,
    enum document_use use, struct error *err)
{
	const struct when_date earliest = { 1, 1, 1 + DAILY_BASELINE };
	struct computing computing = { .workspace = workspace,
		.question = question,
		.out = out };

	*out = (struct days){ .first = question->first,
		.day_count = question->count };
	*documents = arena_array(workspace->arena, question->count,
	    sizeof(struct node *));
	if (question->first.micros < when_of_date(earliest).micros)
		return error_set(err, ERROR_USAGE,
		    "there is no baseline before that day");
	if (allocations_load(&computing.allocations, workspace, err) < 0)
		return -1;
	daily_tally_init(&computing.tally, workspace->arena,
	    when_add_days(question->first, -DAILY_BASELINE),
	    DAILY_BASELINE + question->count);
	watch(&computing);
	/* Without a scope no record counts; what is stored is looked at still.
	 */
	if ((computing.tally.scopes.count > 0 &&
		collect(&computing, err) < 0) ||
	    compute(&computing, err) < 0)
		return -1;
	return mark(out, *documents, workspace, use, err);
}

int
days_compute(struct days *out, struct workspace *workspace,
    const struct days_question *question, struct error *err)
{
	struct node **documents;

	return compute_all(out, &documents, workspace, question, DOCUMENT_READ,
	    err);
}

/* Write a proposal for each row that has a new alert. */
static int
propose(struct changes *changes, struct workspace *workspace,
    struct daily_row *rows, size_t count, struct when now,
    const struct proposals_report *report, struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].has_alert && !rows[i].alert_emitted_at.data &&
		    proposals_add(changes, workspace, &rows[i], now, report,
			err) < 0)
			return -1;
	return 0;
}

static int
store(struct days *days, struct node *const *documents,
    struct workspace *workspace, const struct days_question *question,
    const struct proposals_report *report, struct error *err)
{
	struct changes changes;
	size_t first = 0, count;

	changes_init(&changes);
	if (propose(&changes, workspace, days->rows, days->count, question->now,
		report, err) < 0)
		return -1;
	for (size_t i = 0; i < days->day_count; i++, first += count) {
		struct when day = when_add_days(days->first, (int64_t)i);
		struct daily_row *rows = &days->rows[first];

		count = rows_of(days, day, first);
		if (when_add_days(day, 1).micros <= question->now.micros &&
		    days_file_change(&changes, workspace, question, day, rows,
			count, documents[i], err) < 0)
			return -1;
	}
	return changes_commit(&changes, workspace, err);
}

int
days_store(struct days *out, struct workspace *workspace,
    struct days_question *question, const struct proposals_report *report,
    struct error *err)
{
	struct node **documents;
	int result;

	if (pending_lock(workspace, &question->now, err) < 0)
		return -1;
	result = compute_all(out, &documents, workspace, question,
	    DOCUMENT_WRITE, err);
	if (result == 0)
		result =
		    store(out, documents, workspace, question, report, err);
	workspace_unlock(workspace);
	return result;
}
