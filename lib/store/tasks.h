#ifndef METER_STORE_TASKS_H
#define METER_STORE_TASKS_H

/*
 * `tasks.yaml`: the tasks that were registered, and the status of each
 * (DESIGN.md 2.5).
 */

#include <stddef.h>

#include "lib/core/task.h"

struct entry_change;
struct error;
struct ledger_batch;
struct node;
struct workspace;

struct tasks {
	struct task_table table;
};

/* Load the tasks, for looking. */
int tasks_load(struct tasks *out, struct workspace *workspace,
    struct error *err);

/*
 * Register tasks, or change those that are: all of them or none, under the
 * lock, which this takes and gives back.
 */
int tasks_change(struct workspace *workspace, struct entry_change *changes,
    size_t count, struct error *err);

/* Set the status of a task, which is registered where it is not: likewise. */
int tasks_set_status(struct workspace *workspace, struct entry_change *change,
    struct error *err);

/*
 * Make the batch part of the ledger, as ledger_commit does, and set the
 * status with it: both or neither, for every reader too.  Where all of the batch
 * is known already and the task has the status, nothing changes.
 */
int tasks_record(struct ledger_batch *batch, struct entry_change *change,
    struct error *err);

#endif
