#ifndef METER_STORE_TIERS_H
#define METER_STORE_TIERS_H

/*
 * `tiers.yaml`: what model each tier uses (DESIGN.md 2.5).
 */

#include <stddef.h>

#include "lib/core/tier.h"

struct entry_change;
struct error;
struct node;
struct workspace;

struct tiers {
	struct node *map;	/* NAME: tier; NULL where there is none */
	struct tier_table table;
};

/* Load the tiers, for looking. */
int tiers_load(struct tiers *out, struct workspace *workspace,
    struct error *err);

/* Declare tiers, or change those that are: as tasks_change does. */
int tiers_change(struct workspace *workspace, struct entry_change *changes,
    size_t count, struct error *err);

#endif
