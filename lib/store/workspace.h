#ifndef METER_STORE_WORKSPACE_H
#define METER_STORE_WORKSPACE_H

/*
 * The workspace and its folder output/budget, in which all data files stand,
 * and the one lock under which they change.  Looking needs neither: a reader
 * opens what is there.
 */

#include <stdbool.h>

#include "lib/base/dir.h"
#include "lib/base/lock.h"
#include "lib/base/when.h"

struct arena;
struct buf;
struct error;
struct ledger_files;

struct workspace {
	const char *root;	/* an absolute path */
	const char *path;	/* output/budget, as messages name it */
	struct dir dir;		/* the same, open; fd -1 where it is not */
	struct lock lock;
	int lock_seconds;	/* how long to wait for it */
	struct when_clock clock;	/* asked once the lock is held */
	struct arena *arena;	/* for what lives as long as the command */
	/* The ledger as it is to be seen, whatever is written to it meanwhile;
	 * mostly NULL: as it is when it is looked at. */
	const struct ledger_files *ledger;
	struct buf *notes;	/* what the user should know: lines, without
				 * being errors */
};

/*
 * Open the folder of the workspace whose root, arena, notes and clock are
 * set, where it is there.
 */
int workspace_open(struct workspace *workspace, struct error *err);

/*
 * Make the folder where it is missing, take the lock, and then read the
 * clock into *now.
 */
int workspace_lock(struct workspace *workspace, struct when *now,
    struct error *err);

/*
 * Take the lock without waiting, for what is as well done later; return
 * false where it is not to be had, or the folder cannot be written.
 */
bool workspace_try_lock(struct workspace *workspace);

/* Give the lock back, if it is held. */
void workspace_unlock(struct workspace *workspace);

/* Give back everything that is open. */
void workspace_close(struct workspace *workspace);

/* Add a line to the notes, `meter: ` before it, unless it stands there. */
void workspace_note(struct workspace *workspace, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
