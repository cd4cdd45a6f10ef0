#include "lib/core/daily_tally_tasks.h"

#include "lib/base/text.h"
#include "lib/core/daily_pairs.h"
#include "lib/core/daily_tally.h"

/* Add tasks of another tally's day; what is new is counted, if asked. */
static void
add_tasks(struct daily_tally *tally, size_t day, const struct daily_pairs *set,
    bool counts)
{
	const struct daily_tally_scope *scope;
	struct daily_tally_scope *into;
	bool is_new;

	for (size_t i = 0; i < set->size; i++) {
		scope = set->slots[i].first;
		if (!scope)
			continue;
		into = daily_tally_watch(tally, scope->dimension, scope->id);
		is_new = daily_pairs_add(&tally->tasks[day].set,
		    &tally->tasks_room, into,
		    daily_tally_name(tally,
			*(const struct text *)set->slots[i].second));
		into->days[day].tasks += counts && is_new;
	}
}

void
daily_tally_tasks_merge(struct daily_tally *tally, size_t day,
    const struct daily_tally_tasks *other)
{
	struct daily_tally_tasks *tasks = &tally->tasks[day], taken = *tasks;

	if (other->set.count == 0)
		return;
	if (tasks->set.count == 0) {
		*tasks = *other;
		tasks->is_taken = true;
		return;
	}
	if (tasks->is_taken) {
		*tasks = (struct daily_tally_tasks){ .is_taken = false };
		add_tasks(tally, day, &taken.set, false);
	}
	add_tasks(tally, day, &other->set, true);
}
