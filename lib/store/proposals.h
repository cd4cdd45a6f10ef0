#ifndef METER_STORE_PROPOSALS_H
#define METER_STORE_PROPOSALS_H

/*
 * `proposals/DAY-DIM-ID.yaml`: what alerts propose to change, and what came of
 * it (DESIGN.md 2.5).
 */

#include <stddef.h>

#include "lib/base/text.h"

struct error;
struct node;
struct workspace;

/* The stored objects, as a list ordered by their ids; of that status alone,
 * where it is not NULL.  A change that is pending counts as done. */
int proposals_list(struct node **out, struct workspace *workspace,
    const char *status, struct error *err);

#endif
