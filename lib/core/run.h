#ifndef METER_CORE_RUN_H
#define METER_CORE_RUN_H

/*
 * A run: one execution of *generate*, its workflows, and what its provider
 * calls used, by bucket and in sum (DESIGN.md 2.2).
 *
 * Money is exact while a run is built; the stored form (run_stored.h) rounds
 * each figure once, half-even, to six decimals, so a run that was read back
 * holds rounded figures.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/base/when.h"
#include "lib/core/context.h"

struct arena;
struct error;
struct node;
struct rates;
struct tier_table;

struct run_workflow {
	struct text run_id; /* null where the result names none */
	struct text id; /* "" where it names none */
	struct text status; /* null where it names none */
	int64_t stage_count;
};

/* The calls of one workflow, stage, provider and model. */
struct run_bucket {
	struct text workflow, stage, provider, model;
	struct context context;
	int64_t calls;
	int64_t prompt_tokens, completion_tokens, total_tokens;
	int64_t cache_read_tokens, cache_write_tokens, cache_write_1h_tokens;
	int64_t reasoning_tokens;
	struct money known, estimated;
	bool has_known; /* a call whose cost was reported */
	int64_t estimated_calls;
	struct run_bucket *next;
};

struct run_rollup {
	int64_t calls;
	int64_t prompt_tokens, completion_tokens, total_tokens;
	struct money known, estimated;
};

struct run {
	int64_t index;
	struct text started_at; /* as given, or null */
	struct text completed_at; /* as stored */
	bool has_duration;
	double duration_seconds;
	struct text snapshot_id; /* null where there is no plan */
	struct run_workflow *workflows;
	size_t workflow_count;
	struct run_rollup rollup;
	struct run_bucket *buckets; /* in order of first appearance */
	struct context context;
};

/* What the calls of a run are completed and priced with. */
struct run_means {
	struct rates *rates;
	struct when at; /* when they are priced */
	const struct tier_table *tiers; /* and their models; or NULL */
	struct text tier; /* of all stages that name none; or null */
};

/*
 * Make a run of its results, a list of workflow results or one of them: a
 * call that names no model is of its tier's, where that is known.  Index,
 * times, duration, plan and context are the caller's to set.  Texts are the
 * document's and the tiers'.
 */
int run_build(struct run *out, struct arena *arena, const struct node *results,
    const struct run_means *means, struct error *err);

/* How many of the run's calls nothing prices. */
int64_t run_unpriced_calls(const struct run *run);

/*
 * Whether two runs are of the same workflow runs: as many, at least one, of
 * the same run_ids in the same order, none of them null.
 */
bool run_is_same(const struct run *a, const struct run *b);

/* A bucket's cost_status: "known", "estimated" or "unknown". */
const char *run_cost_status(const struct run_bucket *bucket);

#endif
