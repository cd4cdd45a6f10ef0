#ifndef METER_STORE_ROLLUP_MAKE_H
#define METER_STORE_ROLLUP_MAKE_H

/*
 * Making the rollup of a day while its rows are read for something else.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/core/query_group.h"
#include "lib/store/rollup_sections.h"

struct cache_state;
struct usage;

/* The groups of a section, as they come. */
struct rollup_groups {
	bool is_left_out;	/* there are too many */
	struct query_group_table table;
	struct query_group *last;	/* that of the last record */
	struct query_measures rest;	/* amounts of those without a value */
};

struct rollup_make {
	struct arena arena;	/* for one day */
	struct rollup_groups sections[ROLLUP_SECTION_COUNT];
	struct query_measures total;
	size_t group_count;	/* in all sections, left out or not */
	bool has_failed;	/* a sum does not fit */
};

void rollup_make_init(struct rollup_make *make);
void rollup_make_release(struct rollup_make *make);

/* Begin a day. */
void rollup_make_start(struct rollup_make *make);

/* Add a record of the day, as it stands in the file. */
void rollup_make_add(struct rollup_make *make, const struct usage *usage);

/*
 * Append the rollup of all that was added, which stood in a file of that
 * state; false where there can be none.
 */
bool rollup_make_write(struct buf *out, struct rollup_make *make,
    const struct cache_state *state);

#endif
