#ifndef METER_CORE_TASK_H
#define METER_CORE_TASK_H

/*
 * Tasks, and what they belong to.  A record that names a known task belongs
 * to the task's workstream, quest and repo where it names none itself.  That
 * is so when records are read, not when they are stored: all questions follow
 * a task that is registered later, or moved.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/text.h"
#include "lib/base/when.h"
#include "lib/core/entry.h"

struct arena;
struct node;
struct error;
struct usage;

/* The fields of a task in a change. */
enum task_field {
	TASK_WORKSTREAM,
	TASK_QUEST,
	TASK_REPO,
	TASK_STATUS,
	TASK_STATUS_AT,
};

extern const struct entry_kind task_kind;

struct task {
	struct text id;
	struct text workstream, quest, repo;	/* or null */
	struct text status;			/* or null */
	struct text status_at;			/* or null */
};

/* Tasks by their ids.  Once filled it may be read by several threads. */
struct task_table {
	struct arena *arena;
	struct task *slots;	/* open addressing; an id of null is free */
	size_t slot_count;	/* a power of two, or 0 */
	size_t count;
};

void task_init(struct task_table *table, struct arena *arena);

/* Put a task in, in place of the one of its id.  Its texts must live as long
 * as the table. */
void task_put(struct task_table *table, const struct task *task);

/* The task of an id, or NULL. */
const struct task *task_find(const struct task_table *table, struct text id);

/* Whether both tables fill the same in: they may differ in what the tasks'
 * status is, and in tasks that belong to nothing. */
bool task_fills_same(const struct task_table *a, const struct task_table *b);

/*
 * Read a task from a stored map, `{workstream, quest, repo, status,
 * status_at}`; its texts are the document's.  What is no text, or no name
 * that a record could have, is ERROR_DATA with its place.
 */
int task_read(struct task *out, struct text id, const struct node *map,
    struct error *err);

/* Give the record the workstream, quest and repo of its task, where it has
 * none and the task is known. */
void task_fill(const struct task_table *table, struct usage *usage);

/*
 * What is wrong with a status that is to be set, in words, or NULL: it is todo,
 * in_progress, blocked, done, cancelled or any identifier, of letters, digits,
 * `_`, `-` and `.`, with a letter first.
 */
const char *task_status_problem(struct text status);

/*
 * Complete a change of a stored task: a time of the status is brought into the
 * stored form, and a status that is given without one, and is another than the
 * stored one, is of now.
 */
void task_complete(struct entry_change *change, struct arena *arena,
    const struct node *stored, struct when now);

#endif
