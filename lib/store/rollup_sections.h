#ifndef METER_STORE_ROLLUP_SECTIONS_H
#define METER_STORE_ROLLUP_SECTIONS_H

/*
 * What a rollup of a day holds: for some sets of dimensions, each a section,
 * what the day's records come to by their values.  Task and what it belongs
 * to are kept apart, so that a rollup is as true after a task was registered
 * or moved.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/text.h"
#include "lib/core/query_dimension.h"

enum {
	ROLLUP_SECTION_COUNT = 24,
	ROLLUP_WIDTH = 6,	/* values of a group, at most */
};

/* How the values of a section are made. */
enum rollup_kind {
	ROLLUP_DIMENSIONS,	/* the record's own */
	ROLLUP_TASK,	/* a dimension, and the task where that is null */
	ROLLUP_HOUR,	/* the hour of the UTC day, two digits */
};

struct rollup_section {
	enum rollup_kind kind;
	size_t width;	/* values of a group */
	enum usage_dimension dimension[ROLLUP_WIDTH];
	uint32_t covers;	/* dimensions of questions: 1 << dimension */
};

extern const struct rollup_section
    rollup_sections[ROLLUP_SECTION_COUNT];

/*
 * What a rollup must cover for a question that looks at these dimensions, by
 * the days of UTC or others; false where no rollup can answer it.
 */
bool rollup_sections_need(uint32_t *need, uint32_t dimensions, bool is_utc);

/* The dimensions of questions that the groups of a section tell. */
uint32_t rollup_sections_known(const struct rollup_section *section,
    bool is_utc);

#endif
