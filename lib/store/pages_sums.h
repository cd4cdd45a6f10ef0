#ifndef METER_STORE_PAGES_SUMS_H
#define METER_STORE_PAGES_SUMS_H

/*
 * Adding up a part of the usage, scope by scope: what a pages_part is made
 * of.  Memory is taken for one part at a time.
 */

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/core/query_group.h"
#include "lib/store/pages_key.h"
#include "lib/store/pages_table.h"

struct error;
struct pages_sums_scope;
struct usage;

enum {
	PAGES_SUMS_RECORDS = 100,	/* of an entity: the newest */
};

struct pages_sums {
	struct arena arena;
	struct pages_table scopes, rows;
	/* The scope of each dimension that a record was in last. */
	struct pages_sums_scope *last[PAGES_KEY_DIMENSIONS];
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
