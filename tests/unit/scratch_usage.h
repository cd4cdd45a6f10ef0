#ifndef METER_TESTS_UNIT_SCRATCH_USAGE_H
#define METER_TESTS_UNIT_SCRATCH_USAGE_H

/*
 * Usage records to ask questions of.
 */

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/core/usage.h"

/* One llm call of the time, model and task; the latter two may be NULL. */
static inline struct usage
scratch_record(const char *at, const char *model, const char *task)
{
	struct usage usage = { .attempt = 1, .calls = 1 };

	cr_assert(eq(int, when_parse(&usage.at, at, strlen(at)), 0));
	usage.dimension[USAGE_MODEL] = text_of(model);
	usage.dimension[USAGE_TASK] = text_of(task);
	usage.dimension[USAGE_RESOURCE] = TEXT("llm");
	usage.dimension[USAGE_STATUS] = TEXT("ok");
	usage.cost_status = USAGE_COST_UNKNOWN;
	return usage;
}

static inline void
scratch_set_cost(struct usage *usage, enum usage_cost_status status, const char *cost)
{
	cr_assert(
	    money_parse(&usage->cost_usd, cost, strlen(cost)) == MONEY_OK);
	usage->cost_status = status;
}

#endif
