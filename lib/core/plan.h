#ifndef METER_CORE_PLAN_H
#define METER_CORE_PLAN_H

/*
 * What a planner says a run will take, and the snapshot of it that is stored
 * (DESIGN.md 2.1).  A snapshot is kept as a document, since all its fields
 * are copied as given; struct plan is what a run is compared with.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/text.h"
#include "lib/base/when.h"

struct arena;
struct error;
struct node;

struct plan_workflow {
	struct text id;
	int64_t calls;			/* 0 where the plan names none */
	const struct node *prompt_words;	/* a number, or NULL */
};

struct plan {
	struct text id;
	int64_t calls;			/* estimates; 0 where missing */
	int64_t prompt_tokens;
	const struct node *cost_usd;	/* a number, or NULL */
	struct plan_workflow *workflows;	/* those with an id, in order
						 * of it, none twice */
	size_t workflow_count;
};

/*
 * Make the snapshot of a plan summary, a map of the fields of DESIGN.md 2.1:
 * its stored form with its snapshot_id.  Unknown fields of the summary are
 * left aside.  A field of the wrong type is ERROR_DATA with its place.
 */
int plan_snapshot(struct node **out, struct arena *arena,
    const struct node *summary, struct when recorded_at, struct error *err);

/* Read a stored snapshot, likewise. */
int plan_read(struct plan *out, struct arena *arena,
    const struct node *snapshot, struct error *err);

/* The limits of its own that a plan exceeds. */
struct plan_excess {
	bool calls;	/* more calls than max_calls, or so flagged */
	bool cost;	/* more cost than cost_cap, or so flagged */
};

/* What of its own limits a snapshot, made by plan_snapshot, exceeds. */
struct plan_excess plan_excess_of(const struct node *snapshot);

#endif
