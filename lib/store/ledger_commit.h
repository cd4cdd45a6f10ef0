#ifndef METER_STORE_LEDGER_COMMIT_H
#define METER_STORE_LEDGER_COMMIT_H

/*
 * Making a batch part of the ledger.
 */

struct error;
struct ledger_batch;

/*
 * Take the lock, make the batch part of the ledger but for the records whose
 * ids are known, which is then set in their entries, and give the lock back.
 * On return 0 it is on disk; on -1 nothing has changed.
 */
int ledger_commit(struct ledger_batch *batch, struct error *err);

#endif
