#ifndef METER_STORE_ROLLUP_MAKE_H
#define METER_STORE_ROLLUP_MAKE_H

/*
 * Making the rollup of a day while its rows are read for something else.
 *
 * Of each dimension the names are kept, each once, with what the records that
 * have it come to.  Sections of several dimensions are groups of such names.
 * Records without any are nowhere: they are what is missing from the total in
 * the end, but for their amounts.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/core/query_measures.h"
#include "lib/store/rollup_sections.h"

struct usage;

enum {
	ROLLUP_HOURS = 24,
};

/* A name, or a group of names. */
struct rollup_item {
	uint64_t hash;
	struct text text;	/* of a name */
	const struct rollup_item *names[ROLLUP_WIDTH];	/* of a group */
	struct query_measures measures;
};

struct rollup_table {
	bool is_left_out;	/* there are too many */
	struct rollup_item **slots;
	size_t slot_count;	/* a power of two, or 0 */
	size_t count;
	struct rollup_item *last;	/* that of the last record */
	struct query_measures rest;	/* amounts of records without any */
};

struct rollup_make {
	struct arena arena;	/* for one day */
	struct rollup_table names[USAGE_DIMENSION_COUNT];
	struct rollup_table groups[ROLLUP_SECTION_COUNT];
	struct query_measures hours[ROLLUP_HOURS];
	struct query_measures total;
	size_t item_count;	/* in all tables, left out or not */
	bool has_failed;	/* a sum does not fit */
};

void rollup_make_init(struct rollup_make *make);
void rollup_make_release(struct rollup_make *make);

/* Begin a day. */
void rollup_make_start(struct rollup_make *make);

/* Add a record of the day, as it stands in the file. */
void rollup_make_add(struct rollup_make *make, const struct usage *usage);

#endif
