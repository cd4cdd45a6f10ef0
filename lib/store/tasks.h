#ifndef METER_STORE_TASKS_H
#define METER_STORE_TASKS_H

/*
 * `tasks.yaml`: the tasks that were registered, and the status of each
 * (DESIGN.md 2.5).
 */

#include "lib/core/task.h"

struct error;
struct node;
struct workspace;

struct tasks {
	struct node *root;	/* the document; NULL where there is none */
	struct node *map;	/* ID: task; NULL where there is none */
	struct task_table table;
};

/* Load the tasks, for looking. */
int tasks_load(struct tasks *out, struct workspace *workspace,
    struct error *err);

#endif
