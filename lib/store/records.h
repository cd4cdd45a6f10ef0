#ifndef METER_STORE_RECORDS_H
#define METER_STORE_RECORDS_H

/*
 * The one stream of usage that every question is asked of (DESIGN.md 1.1):
 * the buckets of the runs and the rows of the ledger, each with the
 * workstream, quest and repo of its task where it has none of its own.
 */

#include <stddef.h>

#include "lib/store/ledger.h"
#include "lib/store/tasks.h"

struct run;

struct records {
	struct workspace *workspace;
	struct tasks tasks;
};

/* Get ready, with the tasks as they are now. */
int records_open(struct records *records, struct workspace *workspace,
    struct error *err);

/*
 * Visit the buckets, whatever their time, and the events of the time asked
 * for: the buckets first, which go to the first of the data, then the events,
 * by up to count threads (see ledger_each_of).
 */
int records_each_of(struct records *records, struct ledger_question *question,
    ledger_visitor *visitor, void *const *data, size_t count,
    struct error *err);

/* The same in one thread. */
int records_each(struct records *records, struct ledger_question *question,
    ledger_visitor *visitor, void *data, struct error *err);

/* The buckets alone. */
int records_each_bucket(struct records *records, ledger_visitor *visitor,
    void *data, struct error *err);

/* Give the visitor one row of the ledger, or the buckets of one run, as they
 * are in the stream. */
int records_add_event(const struct records *records,
    const struct usage *event, ledger_visitor *visitor, void *data,
    struct error *err);
int records_add_run(const struct records *records, const struct run *run,
    ledger_visitor *visitor, void *data, struct error *err);

#endif
