#ifndef METER_STORE_LEDGER_KNOWN_H
#define METER_STORE_LEDGER_KNOWN_H

/*
 * Which records of a batch the ledger has already: an id occurs once.
 */

struct error;
struct ledger_batch;
struct ledger_files;

/*
 * Set is_known of the entries whose id stands in one of the files, or earlier
 * in the batch.  Under the lock, with nothing pending.
 */
int ledger_known_mark(struct ledger_batch *batch,
    const struct ledger_files *files, struct error *err);

#endif
