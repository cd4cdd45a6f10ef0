#ifndef METER_CORE_VARIANCE_H
#define METER_CORE_VARIANCE_H

/*
 * A run beside its plan (DESIGN.md 2.3).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"

struct arena;
struct error;
struct node;
struct plan;
struct run;

/* One count: planned, where it is, and used. */
struct variance_count {
	bool has_estimate;
	int64_t estimated;
	int64_t actual;
};

/* The run's cost, each figure rounded to six decimals, beside the plan's. */
struct variance_cost {
	bool has_estimate;
	double estimated;		/* as the plan gave it */
	struct money exact_estimate;	/* the same exactly; the largest
					 * amount where it does not fit */
	struct money known;
	struct money from_rates;
	struct money total;		/* known + from_rates, as written */
};

struct variance_workflow {
	struct text id;
	struct variance_count calls;
	int64_t prompt_tokens;
	const struct node *prompt_words;	/* planned, or NULL */
};

struct variance {
	struct text recorded_at;
	int64_t run_index;
	struct text snapshot_id;	/* null where the run has no plan */
	bool is_resolved;		/* the plan was found */
	struct variance_count calls, prompt_tokens, total_tokens;
	struct variance_cost cost;
	struct variance_workflow *workflows;	/* in order of their ids */
	size_t workflow_count;
	bool has_duration;
	double duration_seconds;
};

/*
 * Compare a run with its plan, NULL where that was not found.  It counts as
 * recorded when the run was completed.  Fails where sums do not fit.
 */
int variance_compute(struct variance *out, struct arena *arena,
    const struct run *run, const struct plan *plan, struct error *err);

/*
 * Set what the plan, or a summary, says the cost will be: a number, or NULL
 * or null where it does not say.
 */
int variance_set_estimate(struct variance_cost *cost,
    const struct node *estimate, struct error *err);

/* actual - estimated; only where there is an estimate. */
int64_t variance_delta(const struct variance_count *count);

/*
 * The ratio actual / estimated with four decimals.  Return false where there
 * is none: no estimate, or one of 0.
 */
bool variance_ratio(double *out, const struct variance_count *count);
bool variance_cost_ratio(double *out, const struct variance_cost *cost);

/* total - estimated, rounded to six decimals; only where there is an
 * estimate. */
double variance_cost_delta(const struct variance_cost *cost);

/* The workflow of that id; NULL where it neither was planned nor ran. */
const struct variance_workflow *variance_find(const struct variance *variance,
    struct text id);

#endif
