#ifndef METER_STORE_PAGES_KNOWN_H
#define METER_STORE_PAGES_KNOWN_H

/*
 * What the pages in a folder were last made from: a note in .cache/.  While it
 * is true, only what has changed since needs to be looked at; where there is
 * none, or it is of another folder, every page is.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/text.h"
#include "lib/store/cache.h"
#include "lib/store/pages_part.h"

struct arena;
struct dir;
struct task_table;

/* A part, and the state of the file that it was made from: all zero where that
 * may have changed since without a trace. */
struct pages_known_part {
	char name[PAGES_PART_NAME];
	struct cache_state state;
	uint64_t id;
};

/* A folder of pages, below the folder of all; "" is that itself. */
struct pages_known_folder {
	struct text name;
	struct cache_state state;
};

/* What a task belonged to: its id, workstream, quest and repo. */
enum { PAGES_KNOWN_TASK = 4 };
struct pages_known_task {
	struct text text[PAGES_KNOWN_TASK];
};

struct pages_known {
	bool is_there;
	struct buf data;	/* what the texts are in */
	struct pages_known_part *parts;	/* ordered by name */
	struct pages_known_folder *folders;
	struct pages_known_task *tasks;	/* ordered by id */
	size_t part_count, folder_count, task_count;
};

/* Read the note; its lists are the arena's. */
void pages_known_read(struct pages_known *out, struct arena *arena,
    const struct dir *cache);
void pages_known_release(struct pages_known *known);

/* Write one. */
void pages_known_write(const struct dir *cache,
    const struct pages_known *known);

/* The part of a name, or NULL. */
const struct pages_known_part *pages_known_find(
    const struct pages_known *known, const char *name);

/* List the tasks as they are now. */
void pages_known_list_tasks(struct pages_known *out, struct arena *arena,
    const struct task_table *tasks);

#endif
