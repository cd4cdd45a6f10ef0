#ifndef METER_STORE_ALLOCATIONS_H
#define METER_STORE_ALLOCATIONS_H

/*
 * `allocations.yaml`: how much each scope may use a day, in the order in which
 * it was recorded (DESIGN.md 2.5).
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/allocation.h"

struct error;
struct node;
struct workspace;

struct allocations {
	struct node *root;	/* NULL where there is no file */
	struct node *items;	/* a list; NULL where there is none */
	struct allocation_list list;	/* the same */
};

/* Load them, for looking. */
int allocations_load(struct allocations *out, struct workspace *workspace,
    struct error *err);

/*
 * Record allocations, all or none, under the lock, which this takes and gives
 * back.  Of a scope's those that come first are not recorded where they are the
 * last ones stored, in that order: what was listed can be given back.
 */
int allocations_record(struct workspace *workspace,
    const struct allocation *items, size_t count, struct error *err);

/*
 * End the one that counts for a scope on a day with that day, likewise.
 * *after is what holds for the scope on the next day, or NULL.  Where nothing
 * is allocated on the day it is ERROR_NO_INPUT.
 */
int allocations_end(const struct allocation **after,
    struct workspace *workspace, enum query_dimension dimension,
    struct text id, struct when day, struct error *err);

#endif
