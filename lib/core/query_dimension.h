#ifndef METER_CORE_QUERY_DIMENSION_H
#define METER_CORE_QUERY_DIMENSION_H

/*
 * The dimensions that questions are asked by: those that records have, and
 * those derived from them (DESIGN.md 1).  A value is text, or null where the
 * record has none.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/text.h"
#include "lib/core/usage.h"

struct zone;

enum query_dimension {
	/* 0 to USAGE_DIMENSION_COUNT - 1 are those of core/usage. */
	QUERY_ENTITY = USAGE_DIMENSION_COUNT,	/* TYPE:ID */
	QUERY_DAY,
	QUERY_WEEK,
	QUERY_MONTH,
	QUERY_HOUR,
	QUERY_DIMENSION_COUNT,
};

/* The name, `entity_type`; that of an id of entities is `entity_id`. */
const char *query_dimension_name(enum query_dimension dimension);

/*
 * The dimension of a name, hyphens standing for underscores; false where
 * there is none.
 */
bool query_dimension_find(enum query_dimension *out, struct text name);

/*
 * Order scopes, values of dimensions, by the dimension's name and the value,
 * null first.  As strcmp(3): below, at or above 0.
 */
int query_dimension_compare(enum query_dimension a, struct text value_a,
    enum query_dimension b, struct text value_b);

/*
 * Room for the values that are made up rather than stored, and what they were
 * made of, so that the next record of the same minute costs nothing.
 */
struct query_dimension_room {
	const struct zone *zone;
	int64_t minute;			/* of the times below */
	bool is_set;
	char day[40], week[40], month[40], hour[40];
	char entity[2 * USAGE_NAME_MAX + 2];
};

/*
 * A record's value of a dimension; it lasts until the next record's is asked
 * for.  Days, weeks, months and hours are those of the room's zone.
 */
struct text query_dimension_value(enum query_dimension dimension,
    const struct usage *usage, struct query_dimension_room *room);

#endif
