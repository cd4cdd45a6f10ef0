#ifndef METER_STORE_TASKS_SCAN_H
#define METER_STORE_TASKS_SCAN_H

/*
 * Reading `tasks.yaml` at memory speed where it stands as meter writes it: a
 * line a field, all five of each task, and names that fit on their line.  It is
 * read by every question about usage, and may hold many tasks.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/text.h"

struct task_table;

/* A task that is looked for, and where its lines stand in the text: at the end
 * where it is not there. */
struct tasks_scan_place {
	struct text id;
	size_t start, end;
};

/*
 * Put the tasks of the text into an empty table, and find a place where one is
 * given.  Their texts are those of the text, or lie in the table's arena.
 * Return false where the text has any other form, which may be good YAML as
 * well: the table is then of no use, and the reader of YAML is to tell.
 */
bool tasks_scan(struct task_table *table, struct tasks_scan_place *place,
    struct text text);

#endif
