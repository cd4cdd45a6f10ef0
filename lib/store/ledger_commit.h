#ifndef METER_STORE_LEDGER_COMMIT_H
#define METER_STORE_LEDGER_COMMIT_H

/*
 * Making a batch part of the ledger.
 */

#include <stdbool.h>

#include "lib/base/when.h"

struct buf;
struct error;
struct ledger_batch;

/*
 * A data file beside the ledger that is to change with the batch.  make is
 * called under the lock, when it is known which of the records are new; it
 * appends what the file is to hold to out and tells whether that is anything
 * new.
 */
struct ledger_beside {
	const char *name;
	int (*make)(struct buf *out, bool *has_changed, void *data,
	    const struct ledger_batch *batch, struct when now,
	    struct error *err);
	void *data;
};

/*
 * Take the lock, make the batch part of the ledger but for the records whose
 * ids are known, which is then set in their entries, and give the lock back.
 * On return 0 it is on disk; on -1 nothing has changed.
 */
int ledger_commit(struct ledger_batch *batch, struct error *err);

/* As ledger_commit, with another file as one change: all or nothing. */
int ledger_commit_beside(struct ledger_batch *batch,
    const struct ledger_beside *beside, struct error *err);

#endif
