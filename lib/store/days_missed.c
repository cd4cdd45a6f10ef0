#include "lib/store/days_missed.h"

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/core/daily.h"
#include "lib/store/allocations.h"
#include "lib/store/days.h"
#include "lib/store/days_file.h"
#include "lib/store/workspace.h"

/* Whether each scope that had an allocation on the day has its stored row. */
static int
is_complete(bool *out, struct workspace *workspace, struct arena *arena,
    const struct allocation_list *list, const struct days_question *question,
    struct when day, struct error *err)
{
	const struct allocation *item;
	struct daily_row *rows;
	struct node *document;
	size_t count;

	*out = true;
	if (days_file_load(&document, workspace, day, DOCUMENT_READ, err) < 0 ||
	    days_file_scopes(&rows, &count, arena, document, err) < 0)
		return -1;
	for (size_t i = 0; i < list->count && *out; i++) {
		item = &list->items[i];
		*out = !allocation_holds(item, day) ||
		       !days_asks_for(question, item->dimension, item->id) ||
		       days_file_has(rows, count, item->dimension, item->id);
	}
	return 0;
}

/* The first day of a span that is not complete; where all are it is the one
 * after them. */
static int
find_incomplete(struct when *out, struct workspace *workspace,
    const struct days_question *question, struct when first, struct when newest,
    struct error *err)
{
	struct allocations allocations;
	bool complete = true;

	if (allocations_load(&allocations, workspace, err) < 0)
		return -1;
	for (*out = first; out->micros <= newest.micros;
	     *out = when_add_days(*out, 1)) {
		if (is_complete(&complete, workspace, workspace->arena,
			&allocations.list, question, *out, err) < 0)
			return -1;
		if (!complete)
			break;
	}
	return 0;
}

int
days_missed(struct when *out, struct workspace *workspace,
    const struct days_question *question, struct when last, struct error *err)
{
	struct when oldest, newest, first;
	bool found;

	*out = last;
	if (days_file_span(&oldest, &newest, &found, workspace, last, err) < 0)
		return -1;
	if (!found)
		return 0;
	first = when_add_days(newest, 1 - DAYS_MISSED_REACH);
	if (first.micros < oldest.micros)
		first = oldest;
	if (find_incomplete(out, workspace, question, first, newest, err) < 0)
		return -1;
	if (out->micros > last.micros)
		*out = last;
	return 0;
}
