#ifndef METER_STORE_PAGES_SUMS_H
#define METER_STORE_PAGES_SUMS_H

/*
 * Adding up a part of the usage, scope by scope: what a pages_part is made
 * of.  Memory is taken for one part at a time.
 */

#include <stddef.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/core/query_group.h"
#include "lib/core/usage.h"

struct error;

enum {
	PAGES_SUMS_RECORDS = 100,	/* of an entity: the newest */
	PAGES_SUMS_DIMENSIONS = 9,
};

/* The dimensions that have pages, entities apart. */
extern const enum usage_dimension
    pages_sums_dimensions[PAGES_SUMS_DIMENSIONS];

/* The dimensions by which a page's scope is divided. */
enum { PAGES_SUMS_PARTS = 3 };
extern const enum usage_dimension pages_sums_parts[PAGES_SUMS_PARTS];

struct pages_sums {
	struct arena arena;
	struct query_group_table groups;	/* key, by, name */
	struct query_group_table days;
	struct buf records;	/* of entities, as they are kept */
	struct buf places;	/* of those, an array */
};

void pages_sums_init(struct pages_sums *sums);
void pages_sums_release(struct pages_sums *sums);

/* Begin anew. */
void pages_sums_start(struct pages_sums *sums);

/* Add a record, with what its task belongs to filled in. */
int pages_sums_add(struct pages_sums *sums, const struct usage *usage,
    struct error *err);

/* Append the part, in the form of pages_part.h. */
void pages_sums_write(struct buf *out, struct pages_sums *sums);

#endif
