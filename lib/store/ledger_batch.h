#ifndef METER_STORE_LEDGER_BATCH_H
#define METER_STORE_LEDGER_BATCH_H

/*
 * Recording: a batch of records that becomes part of the ledger as a whole or
 * not at all, whatever its size.  Rows wait in a nameless file; what is kept
 * of each in memory is 24 bytes.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/text.h"
#include "lib/base/uuid.h"
#include "lib/base/when.h"

struct error;
struct usage;
struct workspace;

/* One record of the batch. */
struct ledger_entry {
	int64_t offset;		/* of its row among the rows */
	uint64_t hash;		/* of its id, where that was given */
	int32_t day;		/* since 1970-01-01 */
	uint32_t len : 24;	/* of its row, with the newline */
	uint32_t is_given : 1;	/* the id: it may be in the ledger already */
	uint32_t is_known : 1;	/* it is, or it was earlier in the batch */
};

struct ledger_batch {
	struct workspace *workspace;
	struct buf rows;	/* those that are not in the file */
	int64_t spilled;	/* how much is in the file */
	int fd;			/* the nameless file; -1 where there is none */
	struct buf entry_data;
	struct ledger_entry *entries;
	size_t count;
	struct uuid last;
};

void ledger_batch_start(struct ledger_batch *batch,
    struct workspace *workspace);
void ledger_batch_release(struct ledger_batch *batch);

/* Empty the batch, for the next one. */
void ledger_batch_reset(struct ledger_batch *batch);

/*
 * Add a record, which has been checked.  Where it has no id it gets a new
 * one, made at the time now.
 */
int ledger_batch_add(struct ledger_batch *batch, const struct usage *usage,
    struct when now, struct error *err);

/* The row of an entry, with its newline, appended to out. */
int ledger_batch_row(struct buf *out, const struct ledger_batch *batch,
    size_t index, struct error *err);

#endif
