#ifndef METER_STORE_ANSWER_SKIP_H
#define METER_STORE_ANSWER_SKIP_H

/*
 * Telling from a day's rollup that nothing of it matches.
 */

#include <stdbool.h>

struct query_filter;
struct rollup;
struct task_table;

/*
 * Whether no record of the day matches the filter, by one of the rollup's
 * sections.  false where it cannot tell.
 */
bool answer_skip(struct rollup *rollup, const struct task_table *tasks,
    struct query_filter *filter);

#endif
