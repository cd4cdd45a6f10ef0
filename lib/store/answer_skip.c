#include "lib/store/answer_skip.h"

#include "lib/base/error.h"
#include "lib/base/zone.h"
#include "lib/core/query_filter.h"
#include "lib/core/task.h"
#include "lib/core/usage.h"
#include "lib/store/rollup.h"

/* What is asked of each group. */
struct question {
	const struct task_table *tasks;
	struct query_filter *filter;
	uint32_t known;
};

/* Stop at a group that may match. */
static int
visit(void *data, struct usage *usage, const struct query_measures *measures,
    struct error *err)
{
	const struct question *question = data;

	(void)measures;
	(void)err;
	task_fill(question->tasks, usage);
	return !query_filter_rejects(question->filter, usage, question->known);
}

bool
answer_skip(struct rollup *rollup, const struct task_table *tasks,
    struct query_filter *filter)
{
	const uint32_t asked = query_filter_dimensions(filter);
	struct question question = { tasks, filter, 0 };
	struct error ignored;
	bool is_whole;

	for (size_t i = 0; i < ROLLUP_SECTION_COUNT; i++) {
		question.known = rollup_sections_known(&rollup_sections[i],
		    zone_is_utc(filter->room.zone));
		if ((question.known & asked) == 0 || !rollup_has(rollup, i))
			continue;
		if (rollup_each(rollup, i, &is_whole, visit, &question,
			&ignored) == 0 &&
		    is_whole)
			return true;
	}
	return false;
}
