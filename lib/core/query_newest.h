#ifndef METER_CORE_QUERY_NEWEST_H
#define METER_CORE_QUERY_NEWEST_H

/*
 * The newest records of a stream, in whatever order it brings them; of those
 * of the same time the larger id is the newer, and of those without an id the
 * one of the later run, and then the one whose fields are larger.  Memory is
 * taken for those that are kept.
 */

#include <stdbool.h>
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

/* Below, at or above 0 as a is older than, as old as or newer than b; 0 only
 * where nothing tells them apart. */
int query_newest_compare(const struct usage *a, const struct usage *b);

void query_newest_init(struct query_newest *newest, size_t limit);
void query_newest_release(struct query_newest *newest);

/* Take a copy of the record, if it is among the newest so far. */
void query_newest_add(struct query_newest *newest, const struct usage *usage);

/* Add all that another one has kept. */
void query_newest_merge(struct query_newest *newest,
    const struct query_newest *other);

/*
 * Whether no record before that time can be among them any more: there are as
 * many as are to be kept, and none is older.
 */
bool query_newest_is_full(const struct query_newest *newest,
    struct when since);

/* Put them in order; where more are added after this, it is done again. */
void query_newest_sort(struct query_newest *newest);

/* The record of that place, the newest first, once they are in order; it lives
 * until one is added. */
const struct usage *query_newest_get(const struct query_newest *newest,
    size_t place);

#endif
