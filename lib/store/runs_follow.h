#ifndef METER_STORE_RUNS_FOLLOW_H
#define METER_STORE_RUNS_FOLLOW_H

/*
 * Following `usage.yaml`: once its runs were read, only those that were
 * appended are, and it is said where that will not do.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/store/position.h"
#include "lib/store/runs.h"

struct runs_follow {
	bool can_be_followed;	/* it is in the form that meter appends to */
	struct position position;
	int64_t last;	/* the index of the last run */
};

/* Look at the file as it stands now. */
int runs_follow_begin(struct runs_follow *follow, struct workspace *workspace,
    struct error *err);

/*
 * Visit the runs that were appended since; the texts live as long as the
 * workspace's arena.  *is_new is set where there are any, and *is_other where
 * all are to be read again, as they also are where this fails.
 */
int runs_follow_read(bool *is_new, bool *is_other, struct runs_follow *follow,
    struct workspace *workspace, runs_visitor *visitor, void *data,
    struct error *err);

#endif
