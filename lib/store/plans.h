#ifndef METER_STORE_PLANS_H
#define METER_STORE_PLANS_H

/*
 * `plans.yaml`: the newest snapshots of what was planned, oldest first.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/text.h"

struct error;
struct node;
struct workspace;

struct plans {
	struct node *root;	/* NULL where there is no file */
	struct node *snapshots;	/* a list; NULL where there is none */
};

/* Read them, for reading only. */
int plans_load(struct plans *out, struct workspace *workspace,
    struct error *err);

/*
 * Record a plan summary under the lock, which this takes and gives back, and
 * return its snapshot.  The newest retention snapshots are kept, all where it
 * is 0.  A plan with the id of the newest one only refreshes its time.
 */
int plans_record(struct node **out, struct workspace *workspace,
    const struct node *summary, int64_t retention, struct error *err);

/* The newest snapshot; NULL where there is none. */
const struct node *plans_latest(const struct plans *plans);

/* The newest snapshot of that id; NULL where there is none. */
const struct node *plans_find(const struct plans *plans, struct text id);

/*
 * The newest snapshot of the one id that begins with prefix; NULL where none
 * does, or several do, which *several tells.
 */
const struct node *plans_find_prefix(const struct plans *plans,
    struct text prefix, bool *several);

/* The id of a snapshot. */
struct text plans_id(const struct node *snapshot);

#endif
