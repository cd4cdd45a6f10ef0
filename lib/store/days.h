#ifndef METER_STORE_DAYS_H
#define METER_STORE_DAYS_H

/*
 * Daily variance of the workspace: computed from its allocations and its
 * usage, in one pass over the days that are asked for and those of the
 * baseline before them; and kept in `variance/DAY.yaml`.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/text.h"
#include "lib/base/when.h"
#include "lib/core/allocation.h"
#include "lib/core/daily.h"

struct error;
struct proposals_report;
struct workspace;

struct days_question {
	struct when first; /* the start of the first day */
	size_t count; /* days from there on, at least 1 */
	struct when now; /* a day that is not over has no alert */
	bool has_dimension; /* only scopes of that dimension */
	enum query_dimension dimension;
	struct text id; /* only this one, where it is not null */
	bool all; /* scopes without an allocation too, of the
		   * dimension, else of those that are allocated,
		   * and the usage without a value of it */
	struct daily_limits limits;
	bool skip_damaged; /* leave damaged rows of the ledger out */
	size_t threads; /* to use at most, 1 or more */
};

struct days {
	struct when first;
	size_t day_count;
	struct daily_row *rows; /* by day, then by scope */
	size_t count;
	size_t allocated; /* rows that have an allocation */
	int64_t skipped; /* damaged rows left out, on these days and those
			  * of the baseline */
};

/* The last count days that end with the last one, which starts a day, with
 * the usual limits, of all allocated scopes. */
struct days_question days_ask(struct when last, size_t count, struct when now);

/* Whether the question is about that scope. */
bool days_asks_for(const struct days_question *question,
    enum query_dimension dimension, struct text id);

/*
 * Compute the rows; of what is stored only alert_emitted_at and proposal are
 * read.  They live as long as the command.
 */
int days_compute(struct days *out, struct workspace *workspace,
    const struct days_question *question, struct error *err);

/*
 * Compute them as they are now, which question->now is set to, and store those
 * of days that are over, with a proposal for each alert that has none yet: in
 * one change, under the lock, which this takes and gives back.  A day that was
 * computed before keeps when its alerts were sent; with the same figures its
 * file stays as it is.
 */
int days_store(struct days *out, struct workspace *workspace,
    struct days_question *question, const struct proposals_report *report,
    struct error *err);

#endif
