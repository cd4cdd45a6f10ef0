#ifndef METER_CORE_QUERY_NEWEST_H
#define METER_CORE_QUERY_NEWEST_H

/*
 * The newest records of a stream, in whatever order it brings them; of those
 * of the same time the larger id is the newer.  Memory is taken for those
 * that are kept.
 */

#include <stddef.h>

#include "lib/base/arena.h"
#include "lib/core/usage.h"

struct query_newest_record;

struct query_newest {
	struct arena arena;	/* its own */
	size_t limit;	/* how many to keep; 0: all */
	struct query_newest_record **records;	/* a heap, oldest on top */
	size_t count, size;
};

void query_newest_init(struct query_newest *newest, size_t limit);
void query_newest_release(struct query_newest *newest);

/* Take a copy of the record, if it is among the newest so far. */
void query_newest_add(struct query_newest *newest, const struct usage *usage);

/* Put them in order; where more are added after this, it is done again. */
void query_newest_sort(struct query_newest *newest);

/* The record of that place, the newest first, once they are in order; it lives
 * until one is added. */
const struct usage *query_newest_get(const struct query_newest *newest,
    size_t place);

#endif
