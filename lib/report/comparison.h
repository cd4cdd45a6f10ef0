#ifndef METER_REPORT_COMPARISON_H
#define METER_REPORT_COMPARISON_H

/*
 * A run beside its plan, as rows of a table: what is measured, planned,
 * actual, the difference, and how many times the plan that is.
 */

#include "lib/base/text.h"

struct table;
struct variance_cost;
struct variance_count;

enum {
	COMPARISON_COLUMNS = 5,
};

/* Add the row of a count, and that of the cost; name is theirs. */
void comparison_count(struct table *table, struct text name,
    const struct variance_count *count);
void comparison_cost(struct table *table, struct text name,
    const struct variance_cost *cost);

#endif
