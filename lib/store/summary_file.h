#ifndef METER_STORE_SUMMARY_FILE_H
#define METER_STORE_SUMMARY_FILE_H

/*
 * `summary.yaml`: the variance of the newest run.  It can be computed again
 * from the run and its plan, so a missing one, or one of an older run, is
 * mended by whoever comes by.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/run.h"
#include "lib/core/variance.h"

struct error;
struct node;
struct workspace;

/* A run and how it compares with its plan. */
struct summary_file {
	struct run run;
	struct variance variance;
	const struct node *node;	/* the same as summary.yaml has it; NULL
					 * where there is no run */
	bool is_stored;		/* it stands in summary.yaml already */
};

/*
 * The newest run's variance: what is stored, or computed where that is
 * missing or not of that run.
 */
int summary_file_latest(struct summary_file *out, struct workspace *workspace,
    struct error *err);

/* The variance of the run of that index, computed. */
int summary_file_of_run(struct summary_file *out,
    struct workspace *workspace, int64_t index, struct error *err);

/* The variance of a run that is in hand, computed. */
int summary_file_compute(struct summary_file *out,
    struct workspace *workspace, struct error *err);

/*
 * Store the variance, under the lock, which the caller holds.  Fields of
 * others are kept; a damaged file is left as it is and is an error.
 */
int summary_file_save(struct workspace *workspace,
    const struct summary_file *summary, struct error *err);

/*
 * Store it where that can be done at once; where not, somebody else will.
 * Another writer may have stored a newer one: that is left.
 */
void summary_file_mend(struct workspace *workspace,
    const struct summary_file *summary);

#endif
